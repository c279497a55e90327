"""Processes and threads that do one function for many items, here or on Dask."""
