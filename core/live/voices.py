"""Known voices in a recording that goes on: cheap, whatever its length.

Of each speaker the sum of the directions of their windows is kept, not the windows. A window counts
for good once the turns around it are settled; the last ones, which may still change, are counted
anew each time. What comes out is what :func:`core.voices.recognition.recognise` says of all
windows, but nobody is asked about before enough was heard to be sure: a moment later it may be.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.annotation.values import Turn
from core.arrays import Array
from core.stream.changes import Changes, Window
from core.units import SAMPLE_RATE, to_seconds
from core.voices.book import Voice, VoiceBook
from core.voices.naming import CHANGED, Name, Names
from core.voices.recognition import ENOUGH, Limits, VoicePrint, recognise

PACE = SAMPLE_RATE
"""Samples between two looks: nobody reads faster."""


@dataclass(frozen=True)
class Known:
    """The voices that can be recognised by one encoder; what stands in the book now."""

    profiles: Mapping[int, Array]
    voices: Mapping[int, Voice]
    limits: Limits | None

    @classmethod
    def of(cls, book: VoiceBook, encoder: str, limits: Limits | None) -> Known:
        voices = {voice.id: voice for voice in book.voices()}
        profiles = {n: p for n, p in book.profiles(encoder).items() if n in voices}
        return cls(profiles, voices, limits)


@dataclass
class _Sum:
    """What was heard of one label."""

    total: NDArray[np.float64]
    length: int = 0
    """Samples that its windows cover."""
    reached: int = 0
    """Where the last of them ends."""

    def plus(self, other: _Sum) -> _Sum:
        return _Sum(
            self.total + other.total,
            self.length + other.length,
            max(self.reached, other.reached),
        )


@dataclass
class LiveVoices:
    """Takes in what a diarizer says and tells who the speakers seem to be.

    Parameters
    ----------
    read
        Gives the known voices; asked at the first push and after :meth:`forget`. It may take a
        moment and raise :class:`~core.errors.VoicelanesError`.
    """

    read: Callable[[], Known]
    _known: Known | None = None
    _stale: threading.Event = field(default_factory=threading.Event)
    _sums: dict[int, _Sum] = field(default_factory=dict)
    _pending: list[Window] = field(default_factory=list)
    _turns: list[Turn] = field(default_factory=list)
    _merged: dict[int, int] = field(default_factory=dict)
    _next: int = 0
    _said: dict[int, Name] = field(default_factory=dict)

    def forget(self) -> None:
        """The voices that are known have changed: look at them again. From any thread."""
        self._stale.set()

    def merge(self, keep: int, gone: int) -> None:
        """Two labels are one person."""
        self._merged[gone] = keep

    def unmerge(self, gone: int) -> None:
        self._merged.pop(gone, None)

    def push(self, changes: Changes) -> Names | None:
        """Take in a change; the names by label if they are others than the last time."""
        self.take(changes)
        if changes.position < self._next and not self._stale.is_set():
            return None
        self._next = changes.position + PACE
        if self._known is None or self._stale.is_set():
            self._stale.clear()
            self._known = self.read()
        names = self._names(self._known)
        if _same(names, self._said):
            return None
        self._said = names
        known = self._known.voices.values()
        return Names(names, frozenset(voice.name.casefold() for voice in known))

    def _names(self, known: Known) -> dict[int, Name]:
        if not known.profiles:
            return {}
        heard = self.heard()
        found = recognise(heard, known.profiles, known.limits)
        return {
            speaker: Name(result, known.voices[result.voice])
            for speaker, result in found.items()
            if result.voice is not None and heard[speaker].seconds >= ENOUGH
        }

    def take(self, changes: Changes) -> None:
        """Take in a change without a look."""
        self._pending += changes.windows
        self._turns = [t for t in self._turns if t.end <= changes.since] + list(changes.turns)
        unsettled = (t.start for t in self._turns if not t.settled)
        bound = min(unsettled, default=max((t.end for t in self._turns), default=changes.since))
        while self._pending and self._pending[0].centre < bound:
            self._count(self._pending.pop(0), self._sums)
        first = self._pending[0].centre if self._pending else bound
        self._turns = [t for t in self._turns if t.end > first or not t.settled]

    def _count(self, window: Window, sums: dict[int, _Sum]) -> None:
        alone = {t.speaker for t in self._turns if t.start <= window.centre < t.end}
        if len(alone) != 1:
            return
        vector = np.asarray(window.voice_print, np.float64)
        vector /= max(float(np.linalg.norm(vector)), 1e-9)
        label = self._kept(alone.pop())
        before = sums.get(label) or _Sum(np.zeros(len(vector)))
        sums[label] = before.plus(_Sum(vector, window.beyond(before.reached), window.end))

    def _kept(self, label: int) -> int:
        while label in self._merged:
            label = self._merged[label]
        return label

    def heard(self) -> dict[int, VoicePrint]:
        """What :func:`core.voices.recognition.voices_in` says of all windows so far."""
        sums: dict[int, _Sum] = {}
        for label, part in self._sums.items():
            kept = self._kept(label)
            sums[kept] = sums[kept].plus(part) if kept in sums else part
        for window in self._pending:
            self._count(window, sums)
        return {
            label: VoicePrint(
                np.asarray(s.total / max(float(np.linalg.norm(s.total)), 1e-9), np.float32),
                to_seconds(s.length),
            )
            for label, s in sums.items()
        }


def _same(names: Mapping[int, Name], others: Mapping[int, Name]) -> bool:
    return names.keys() == others.keys() and all(
        name.voice == others[speaker].voice
        and name.found.outcome == others[speaker].found.outcome
        and abs(name.confidence - others[speaker].confidence) < CHANGED
        for speaker, name in names.items()
    )


def live_voices() -> LiveVoices:
    """Those that are remembered on this machine, heard by the models in use."""

    def read() -> Known:
        from core.models.folders import current_models

        encoder = current_models().encoder
        return Known.of(VoiceBook(), encoder.sha256, Limits.of(encoder))

    return LiveVoices(read)
