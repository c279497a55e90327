"""Measurements of speed and memory; each ``run`` returns its figures."""
