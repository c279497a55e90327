"""Playing a recording: its sound, the sound card, and the buttons."""
