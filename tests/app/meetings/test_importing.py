"""Turns of others are put on a recording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.annotation.values import Annotation, Turn
from core.formats import FORMATS, READABLE, rttm, write_annotation
from tests.app.meetings.desk import (
    S,
    answer,
    asks,
    box,
    choose,
    drop,
    idle,
    messages,
    names,
)


def test_import_is_one_step(wait: Any, opened: Any, tmp_path: Path) -> None:
    before = opened.session.annotation
    other = Annotation.build([Turn(S, 2 * S, 0), Turn(19 * S, 30 * S, 1)], 30 * S, {0: "Zoë"})
    path = tmp_path / "other.rttm"
    path.write_text(rttm.render(other, "elsewhere"))
    opened.actions_by_id["import"].trigger()
    choose(opened, path)
    wait(lambda: asks(opened))
    assert "Not all of other.rttm fits" in box(opened).text()
    assert (
        "reach beyond the end of the recording and are cut there: 1"
        in box(opened).informativeText()
    )
    assert opened.session.annotation == before
    answer(opened, "import")
    wait(lambda: opened.session.dirty)
    assert [(t.start, t.end) for t in opened.session.annotation.turns] == [
        (S, 2 * S),
        (19 * S, 20 * S),
    ]
    assert names(opened) == ["Zoë", ""]
    assert opened.session.undo.undoText() == "Import turns"
    opened.session.undo.undo()
    assert opened.session.annotation == before
    short = Annotation.build([Turn(S, 2 * S, 0), Turn(3 * S, 4 * S, 1)], names={0: "Zoë"})
    path.write_text(rttm.render(short, "elsewhere"))
    drop(opened, path)
    wait(lambda: opened.session.dirty)
    assert names(opened) == ["Zoë", ""]


def test_an_import_that_loses_something_asks_before_it_replaces(
    wait: Any, opened: Any, tmp_path: Path
) -> None:
    before = opened.session.annotation
    path = tmp_path / "other.rttm"
    late = "SPEAKER x 1 100 2 <NA> <NA> Anna <NA> <NA>\nSPEAKER x 1 0 0 <NA> <NA> Anna <NA> <NA>\n"
    path.write_text(late)
    drop(opened, path)
    wait(lambda: asks(opened))
    assert "other.rttm leaves no turns on this recording" in box(opened).text()
    more = box(opened).informativeText()
    assert "other.rttm: turns without length are left out (1)" in more
    assert "Turns after the end of the recording, which are left out: 1" in more
    answer(opened, "cancel")
    wait(lambda: not asks(opened))
    assert opened.session.annotation == before
    assert not opened.session.dirty


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_exported_can_be_imported(
    wait: Any, opened: Any, tmp_path: Path, name: str
) -> None:
    turns = [Turn(S, 2 * S, 0), Turn(3 * S, 4 * S, 1)]
    other = Annotation.build(turns, 20 * S, {0: "Zoë"})
    path = write_annotation(other, tmp_path / f"talk{FORMATS[name].suffix}", name, "talk")
    drop(opened, path)
    wait(lambda: opened.session.dirty)
    assert list(opened.session.annotation.turns) == turns
    assert names(opened) == ["Zoë", ""]


def test_turns_that_are_none_change_nothing(wait: Any, opened: Any, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Anna")
    drop(opened, path)
    wait(lambda: bool(messages(opened)))
    assert "letter.txt" in messages(opened)[0]
    assert not opened.session.dirty


def test_turns_alone_ask_for_their_recording(
    wait: Any, window: Any, recording: Path, tmp_path: Path, engine: Any
) -> None:
    path = tmp_path / "other.rttm"
    path.write_text(rttm.render(Annotation.build([Turn(S, 2 * S, 0)]), "elsewhere"))
    drop(window, path)
    wait(lambda: asks(window))
    answer(window, "choose")
    choose(window, recording)
    wait(lambda: window.session.complete and idle(window))
    assert len(window.session.annotation.turns) == 1
    assert window.session.dirty
    assert window.meetings.path is None
    assert not engine.runs
    assert not messages(window)


def test_turns_alone_that_do_not_fit_their_recording_say_so(
    wait: Any, window: Any, recording: Path, tmp_path: Path
) -> None:
    path = tmp_path / "other.rttm"
    other = rttm.render(Annotation.build([Turn(S, 2 * S, 0), Turn(90 * S, 91 * S, 1)]), "x")
    path.write_text(other + "SPEAKER x 1 0 0 <NA> <NA> Anna <NA> <NA>\n")
    drop(window, path)
    wait(lambda: asks(window))
    answer(window, "choose")
    choose(window, recording)
    wait(lambda: window.session.complete and idle(window))
    said = messages(window)
    assert any("other.rttm: turns without length are left out (1)" in m for m in said)
    assert any(f"turns that reach beyond the end of {recording.name}: 1" in m for m in said)
