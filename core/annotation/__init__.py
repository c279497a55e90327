"""What a person or a pass says of a recording: values, and pure functions of them."""
