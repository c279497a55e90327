"""What is said: transcripts laid on the turns, and a page to read."""
