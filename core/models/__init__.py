"""The networks: their manifest, the sets on this machine, and where to fetch one.

Empty on purpose: names and places are known without loading anything.
"""
