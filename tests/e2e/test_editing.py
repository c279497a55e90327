"""A recording is put right by real keys and clicks alone: in the end there is no error left."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from core import cli
from core.annotation import edits
from core.annotation.overlap import overlaps
from core.annotation.values import OKABE_ITO, Annotation, Turn
from core.formats import FORMATS, json_file, read_annotation, rttm
from core.scoring import score
from core.units import SAMPLE_RATE

EVAL = Path(__file__).resolve().parents[3] / "shared" / "eval" / "ami"
NAME = "sample"


def _load(name: str) -> ModuleType:
    """A helper beside this file; pytest's import mode puts no test folder on the path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


screens = _load("screen")
pytestmark = [
    pytest.mark.display,
    pytest.mark.skipif(bool(screens.missing()), reason=screens.missing() or "-"),
    pytest.mark.skipif(not EVAL.is_dir(), reason="the evaluation recordings are not here"),
]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Any]:
    with screens.Screen(tmp_path) as screen:
        yield screen


class Person:
    """Somebody at the keyboard, who knows what each key does: ``a`` is what should be there."""

    def __init__(self, screen: Any, target: Path) -> None:
        self.screen, self.target = screen, target
        self.a = Annotation()
        self.presses = 0

    def keys(self, *names: str) -> None:
        self.presses += len(names)
        self.screen.keys(*names)

    def type(self, text: str) -> None:
        self.presses += len(text)
        self.screen.type(text)

    def main(self) -> None:
        self.screen.focus("– Voicelanes$")

    def save(self) -> Annotation:
        """What the window holds, by way of the meeting file."""
        before = self.target.read_bytes() if self.target.exists() else b""

        def written() -> bool:
            self.screen.keys("ctrl+s")
            return self.target.exists() and self.target.read_bytes() != before

        screens.wait_for(written, "the saved meeting")
        return json_file.read(self.target)[0]

    def go(self, at: int) -> None:
        self.keys("ctrl+g")
        self.screen.focus("Go to time")
        self.type(f"{at / SAMPLE_RATE:.7f}")
        self.keys("Return")
        screens.wait_for(lambda: not self.screen.window("Go to time"), "the time to be taken")
        self.main()

    def select(self, turn: Turn) -> None:
        """By its start; of several that begin there N goes from one to the next."""
        self.keys("Escape")
        self.go(turn.start)
        together = [t for t in self.a.turns if t.start == turn.start]
        self.keys(*["n"] * (together.index(turn) + 1))

    def split(self, turn: Turn, at: int) -> Turn:
        """The part behind, which is selected then."""
        self.select(turn)
        self.go(at)
        self.keys("s")
        self.a = edits.split(self.a, turn, at)
        return Turn(at, turn.end, turn.speaker)

    def move(self, turn: Turn, start: int, end: int) -> Turn:
        """Both edges, as far as they are wrong."""
        for key, at, now in (("bracketleft", start, turn.start), ("bracketright", end, turn.end)):
            if at != now:
                self.select(turn)
                self.go(at)
                self.keys(key)
                first, last = (at, turn.end) if key == "bracketleft" else (turn.start, at)
                self.a = edits.move_edges(self.a, turn, first, last)
                turn = next(
                    t for t in self.a.turns if t.speaker == turn.speaker and t.start <= at <= t.end
                    and t.start <= first and last <= t.end
                )  # fmt: skip
        return turn

    def _digit(self, speaker: int | None) -> int:
        """Press the number of a speaker, 0 for a new one; whose it is."""
        ids = [s.id for s in self.a.speakers]
        self.keys("0" if speaker is None else str(ids.index(speaker) + 1))
        if speaker is None:
            self.a, speaker = edits.new_speaker(self.a)
        return speaker

    def give(self, turn: Turn, speaker: int | None) -> int:
        self.select(turn)
        speaker = self._digit(speaker)
        self.a = edits.reassign(self.a, [turn], speaker)
        return speaker

    def draw(self, start: int, end: int, speaker: int | None) -> int:
        self.keys("Escape")
        self.go(start)
        self.keys("bracketleft")
        self.go(end)
        self.keys("bracketright")
        speaker = self._digit(speaker)
        self.a = edits.draw(self.a, start, end, speaker)
        return speaker

    def delete(self, turn: Turn) -> None:
        self.select(turn)
        self.keys("Delete")
        self.a = edits.delete(self.a, [turn])


def make_room(person: Person, turn: Turn, speaker: int, keep: Collection[Turn]) -> None:
    """Of a speaker nothing else is left where a turn of theirs is to be: two that overlap would
    become one."""
    for other in person.a.turns_of(speaker):
        if other in keep or not other.overlap(turn):
            continue
        if other.start < turn.start:
            other = person.split(other, turn.start)
        if other.end > turn.end:
            person.split(other, turn.end)
            other = Turn(other.start, turn.end, speaker)
        person.delete(other)


def put_right(person: Person, reference: Annotation) -> dict[int, int]:
    """Turn what was found into the reference; from its speakers to those of the window."""
    who: dict[int, int] = {}
    done: set[Turn] = set()
    for turn in reference.turns:
        open_turns = [t for t in person.a.turns if t not in done and t.overlap(turn)]
        found = max(open_turns, key=turn.overlap, default=None)
        speaker = who.get(turn.speaker)
        if speaker is None:
            free = [s.id for s in person.a.speakers if s.id not in who.values()]
            speaker = found.speaker if found and found.speaker in free else next(iter(free), None)
        if speaker is not None:
            who[turn.speaker] = speaker
        if found is None:
            who[turn.speaker] = person.draw(turn.start, turn.end, speaker)
        else:
            if found.start < turn.start:
                found = person.split(found, turn.start)
            if found.end > turn.end:
                person.split(found, turn.end)
                found = Turn(found.start, turn.end, found.speaker)
            if speaker is not None:
                make_room(person, turn, speaker, {*done, found})
            if speaker != found.speaker:
                who[turn.speaker] = person.give(found, speaker)
                found = Turn(found.start, found.end, who[turn.speaker])
            person.move(found, turn.start, turn.end)
        made = Turn(turn.start, turn.end, who[turn.speaker])
        assert made in person.a.turns
        done.add(made)
    for left in [t for t in person.a.turns if t not in done]:
        person.delete(left)
    return who


def row_of(screen: Any, lane: int) -> int:
    """The height on the screen of the chip beside a lane."""
    rgb = [int(OKABE_ITO[lane][i : i + 2], 16) for i in (1, 3, 5)]
    column = screen.still()[:, 14:20].astype(int)
    rows = np.flatnonzero((abs(column - rgb).max(axis=2) <= 8).all(axis=1))
    return int(rows.mean())


def drag(screen: Any, start: tuple[int, int], end: tuple[int, int]) -> None:
    screen.do("mousemove", *map(str, start), "mousedown", "1")
    for share in (0.3, 0.7, 1.0):
        x, y = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
        screen.do("mousemove", str(x), str(y))
    screen.do("mouseup", "1")


def save_as(screen: Any, target: Path) -> None:
    """Under another name, once everything is there to be saved."""

    def asked() -> bool:
        screen.keys("ctrl+shift+s")
        return bool(screen.window("Save meeting as"))

    screens.wait_for(asked, "the dialog that saves the meeting")
    screen.focus("Save meeting as")
    screen.keys("ctrl+a")
    screen.type(str(target))
    screen.keys("Return")
    screens.wait_for(target.exists, target.name)


@pytest.mark.timeout(600)
def test_a_recording_is_put_right_without_an_error_left(screen: Any, tmp_path: Path) -> None:
    recording = tmp_path / f"{NAME}.flac"
    shutil.copy(EVAL / recording.name, recording)
    (reference,) = rttm.read(EVAL / f"{NAME}.rttm").values()
    with screens.App(screen, tmp_path, str(recording)) as app:
        screen.focus(recording.name)
        person = Person(screen, tmp_path / f"{NAME}.voicelanes.json")
        person.a = found = person.save()
        who = put_right(person, reference)
        right = person.save()
        assert right.turns == person.a.turns
        result = score(reference, right)
        assert (result.missed, result.false_alarm, result.confusion) == (0, 0, 0)
        assert score(reference, found).der > 0, "there was something to put right"
        assert overlaps(found), "and two were found to speak at once"

        # names: in place, by the keyboard and by the mouse
        person.keys("Escape", "Escape", "Home", "n", "F2")
        person.type("Anna")
        person.keys("Tab")
        person.type("Ben")
        person.keys("Return")
        row = row_of(screen, 1)
        screen.click(70, row, times=2)
        screen.keys("ctrl+a")
        person.type("Bo")
        person.keys("Return")
        named = person.save()
        assert sorted(s.name for s in named.speakers) == ["Anna", "Bo"]
        assert {s.id for s in named.speakers} == set(who.values())

        # the mouse: an edge, then a turn to the other lane, and all of it back
        rgb = [int(OKABE_ITO[0][i : i + 2], 16) for i in (1, 3, 5)]
        first = row_of(screen, 0)
        line = screen.still()[first, 160:900].astype(int)
        own = np.flatnonzero(abs(line - rgb).max(axis=1) <= 8)
        last = int(own[-1]) + 160
        drag(screen, (last, first), (last - 40, first))
        person.keys("Escape", "Escape")
        drag(screen, (int(own[0]) + 164, first), (int(own[0]) + 164, row))
        moved = person.save()
        assert len(moved.turns_of(0)) == len(named.turns_of(0)) - 1
        assert score(reference, moved).confusion > 0
        person.keys("ctrl+z", "ctrl+z")
        saved = person.save()
        assert saved.turns == named.turns
        screen.keys("ctrl+q")
        assert app.ended_well(), app.stderr()

    # the next day: the meeting opens with its recording, as it was left
    again = tmp_path / "again.voicelanes.json"
    with screens.App(screen, tmp_path, str(recording)) as app:
        screen.focus(recording.name)
        save_as(screen, again)
        screen.focus(again.name)
        screen.keys("ctrl+q")
        assert app.ended_well(), app.stderr()
    assert json_file.read(again)[0] == saved

    # and every format holds it
    out = tmp_path / "out"
    assert cli.main(["export", str(again), "--format", ",".join(FORMATS), "--out", str(out)]) == 0
    assert len(list(out.iterdir())) == len(FORMATS)
    for name in ("rttm", "audacity", "textgrid", "eaf", "json"):
        read, _ = read_annotation(out / f"{NAME}{FORMATS[name].suffix}")
        result = score(reference, read)
        assert (result.missed, result.false_alarm, result.confusion) == (0, 0, 0), name
    print(f"{person.presses} keys for {len(reference.turns)} turns")
