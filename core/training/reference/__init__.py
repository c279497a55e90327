"""The published engine, to compare with."""
