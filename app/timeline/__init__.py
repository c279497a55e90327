"""The timeline: waveform, speaker lanes, time axis, overview and playhead."""

from app.timeline.view import TimelineView

__all__ = ["TimelineView"]
