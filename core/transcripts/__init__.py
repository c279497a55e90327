"""What was said, as other programs write it, laid on the turns of a recording."""
