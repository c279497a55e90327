"""The Help menu: keys, the guide, the tour, and what the program is."""
