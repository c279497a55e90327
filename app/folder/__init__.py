"""A folder of recordings, worked on as a whole."""
