"""Local recognisers of speech, those found on this machine: each offline, in a process apart."""
