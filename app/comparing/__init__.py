"""Comparing with a reference."""
