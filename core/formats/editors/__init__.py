"""Who speaks when for editors of video and sound: edit lists, markers, regions, chapters."""
