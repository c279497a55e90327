"""The second pass: all windows of a recording at once."""
