"""What is said, as people read it: captions, transcripts, documents; and word by word."""
