"""The sound above the lanes: its outline, or its pitches."""
