"""Sound in: reading recordings and the picture data of a waveform."""
