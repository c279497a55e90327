"""What a person does to turns, speakers and markers."""
