"""The timeline: waveform, lanes, overview, playhead."""
