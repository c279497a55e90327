"""File > Export: the dialog, its options and the work."""
