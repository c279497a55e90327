"""The turns of both sides of a call while it is recorded: a stream for each, told as one.

Speakers of side ``k`` of ``n`` are numbered ``k``, ``n + k`` and so on, as in
:mod:`core.refine.apart`, so nobody is ever on two sides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.annotation.values import Annotation
from core.arrays import Array
from core.errors import EditError
from core.refine.apart import StreamsAsOne

if TYPE_CHECKING:
    from core.stream.changes import Changes, Window
    from core.stream.diarizer import Diarizer
    from core.stream.speech import Speech


@dataclass(frozen=True)
class SideHeard:
    """All that a second pass over one side needs, as its own stream numbers it."""

    windows: tuple[Window, ...]
    speech: Speech


class SidesDiarizer:
    """A :class:`core.stream.diarizer.Diarizer` for each side, and steered like one.

    Parameters
    ----------
    streams
        One of each side; they must be new.
    """

    def __init__(self, streams: Sequence[Diarizer]) -> None:
        self._streams = streams
        self._together = StreamsAsOne(len(streams))
        self.rest: tuple[Window, ...] = ()
        """The windows that only :meth:`finish` completed."""

    def push(self, samples: Array) -> Changes:
        """Hear more of each side, (sides, n) float32 at 16 kHz."""
        return self._together.push(
            [stream.push(own) for stream, own in zip(self._streams, samples, strict=True)]
        )

    def finish(self) -> Annotation:
        """End of the streams: everything is settled."""
        found = self._as_one([stream.finish() for stream in self._streams])
        self.rest = self._together.end([stream.rest for stream in self._streams])
        return found

    @property
    def sides(self) -> tuple[SideHeard, ...]:
        """What the second pass needs of each side, after :meth:`finish`."""
        return tuple(
            SideHeard(tuple(self._together.windows_of(n)), stream.speech)
            for n, stream in enumerate(self._streams)
        )

    @property
    def heard(self) -> Annotation:
        """All turns as they are known now; those that are not settled may change."""
        return self._as_one([stream.heard for stream in self._streams])

    @property
    def decided(self) -> int:
        """The sample before which all windows there will be have been handed out."""
        return min(stream.decided for stream in self._streams)

    @property
    def speech(self) -> Speech:
        """The speech that is final, of all sides."""
        return self._together.speech([stream.speech for stream in self._streams])

    # what a person says meanwhile; each raises as a diarizer does

    def merge(self, keep: int, gone: int) -> Changes:
        """Two speakers of one side are one."""
        if self._side(keep) != self._side(gone):
            raise EditError(
                "they are on different sides of the call; while it is recorded those stay apart:"
                " merge them after Stop"
            )
        return self._steered(gone, lambda stream, own: stream.merge(self._own(keep), own))

    def unmerge(self, gone: int) -> Changes:
        """Take a merge back, for what is not settled."""
        return self._steered(gone, lambda stream, own: stream.unmerge(own))

    def pin(self, speaker: int) -> Changes:
        """A speaker exists."""
        return self._steered(speaker, lambda stream, own: stream.pin(own))

    def limit(self, most: int | None) -> Changes:
        """No more speakers than this in all, None for any number; one on each side at least."""
        each = None if most is None else max(1, most - len(self._streams) + 1)
        return self._together.push([stream.limit(each) for stream in self._streams])

    @property
    def folded(self) -> dict[int, int]:
        """Speakers beyond the limit, and for whom they are taken."""
        return {
            self._numbered(n, gone): self._numbered(n, keep)
            for n, stream in enumerate(self._streams)
            for gone, keep in stream.folded.items()
        }

    def relearn(self, said: Mapping[int, Sequence[Window]]) -> Changes:
        """A person says what these speakers said: of that, each is known by what their own side
        heard."""
        count = len(self._streams)
        changes = []
        for n, stream in enumerate(self._streams):
            own = {
                self._own(speaker): [
                    replace(window, voice=window.voice // count)
                    for window in windows
                    if window.voice >= 0 and window.voice % count == n
                ]
                for speaker, windows in said.items()
                if self._side(speaker) == n
            }
            changes.append(stream.relearn(own))
        return self._together.push(changes)

    def _steered(self, speaker: int, how: Callable[[Diarizer, int], Changes]) -> Changes:
        side = self._side(speaker)
        steered = how(self._streams[side], self._own(speaker))
        # The other sides say again what they said last: nothing of them has changed.
        return self._together.push(
            [steered if n == side else stream.relearn({}) for n, stream in enumerate(self._streams)]
        )

    def _as_one(self, parts: Sequence[Annotation]) -> Annotation:
        turns = [
            replace(turn, speaker=self._numbered(n, turn.speaker))
            for n, part in enumerate(parts)
            for turn in part.turns
        ]
        return Annotation.build(turns, max(part.duration for part in parts))

    def _numbered(self, side: int, own: int) -> int:
        return own * len(self._streams) + side

    def _side(self, speaker: int) -> int:
        return speaker % len(self._streams)

    def _own(self, speaker: int) -> int:
        return speaker // len(self._streams)
