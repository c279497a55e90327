"""Files of trained arrays: reading, writing, and making of them what ships."""
