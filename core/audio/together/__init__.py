"""Several files of one meeting as one recording with a channel for each of them."""
