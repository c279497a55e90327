"""Passes over a file: who speaks when, who says little, how many there are."""
