"""A meeting as it lies on the disk.

Empty on purpose: its names are known without loading the rest.
"""
