"""Recording from a microphone while the first pass listens."""
