"""What is exported of a meeting: files of turns, and the sound of each speaker."""
