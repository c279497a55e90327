"""The first pass: the way of a sample to a label."""
