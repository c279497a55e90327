"""Channels of a recording that are different people's: which, and what each has of the others."""
