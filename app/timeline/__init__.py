"""The timeline: waveform, speaker lanes, time axis, overview and playhead."""

from .view import TimelineView

__all__ = ["TimelineView"]
