"""What a person sees beside the timeline: speakers, turns, markers."""
