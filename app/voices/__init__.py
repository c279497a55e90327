"""Known voices: recognising, keeping and teaching them."""
