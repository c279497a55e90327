"""The panel of the voices as a person uses it: look, click, lasso, keys, the table of distances."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QContextMenuEvent, QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QMenu, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.style.palette import speaker_style
from core.annotation import edits
from core.annotation.values import Annotation, Turn
from core.refine.refine import refine, speaker_at
from core.stream.changes import Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE as S

LEFT, NONE, CTRL, SHIFT = Qt.LeftButton, Qt.NoModifier, Qt.ControlModifier, Qt.ShiftModifier
HOP, LENGTH = S // 2, S
VOICES = [0] * 12 + [1] * 12 + [0] * 10
"""Of the windows, which are half a second apart."""
STRAY = 17
"""This one sounds like the first voice, though it lies in a turn of the second one."""


def windows() -> tuple[Window, ...]:
    rng = np.random.default_rng(1)
    voices = rng.normal(size=(2, 32))
    heard = [0 if n == STRAY else voice for n, voice in enumerate(VOICES)]
    rows = (voices[voice] + 0.3 * rng.normal(size=32) for voice in heard)
    return tuple(
        Window(n * HOP, n * HOP + LENGTH, (r / np.linalg.norm(r)).astype("f4"), 1.0)
        for n, r in enumerate(rows)
    )


def turns() -> Annotation:
    """As the voices are; edges lie between the centres of windows."""
    edges = [0, 12 * HOP + HOP // 2, 24 * HOP + HOP // 2, 18 * S]
    made = [Turn(a, b, n % 2) for n, (a, b) in enumerate(pairwise(edges))]
    return edits.rename(Annotation.build(made, 20 * S), 0, "Anna")


def load(window: Any, annotation: Annotation, kept: tuple[Window, ...]) -> None:
    window.session.load(annotation, kept, Speech(((0, 18 * S),), ()))


def show(window: Any, qtbot: QtBot) -> Any:
    """The panel, in front, with a picture of the turns as they are."""
    window.docks.dock("similarity").raise_()
    seen(window, qtbot)
    return window.docks.similarity


def seen(window: Any, qtbot: QtBot) -> None:
    panel, session = window.docks.similarity, window.session
    qtbot.waitUntil(lambda: getattr(panel.picture, "annotation", None) is session.annotation)


@pytest.fixture
def panel(opened: Any, qtbot: QtBot) -> Any:
    load(opened, turns(), windows())
    return show(opened, qtbot)


def mouse(widget: QWidget, kind: Any, where: QPoint, buttons: Any = Qt.NoButton) -> None:
    at = QPointF(where)
    glob = QPointF(widget.mapToGlobal(where))
    event = QMouseEvent(kind, at, glob, Qt.NoButton, buttons, Qt.NoModifier)
    QApplication.sendEvent(widget, event)


def lasso(panel: Any, held: Iterable[int], modifier: Any = NONE, *, end: bool = True) -> None:
    """Drag around the box in which these windows lie."""
    points = [panel.map.pixel(i) for i in held]
    left, right = min(p.x() for p in points) - 6, max(p.x() for p in points) + 6
    top, bottom = min(p.y() for p in points) - 6, max(p.y() for p in points) + 6
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    QTest.mousePress(panel.map, LEFT, modifier, QPoint(left, top))
    for x, y in [*corners, corners[0]]:
        mouse(panel.map, QEvent.MouseMove, QPoint(x, y), LEFT)
    if end:
        QTest.mouseRelease(panel.map, LEFT, modifier, QPoint(left, top))


def key(widget: QWidget, *keys: Any, modifier: Any = NONE) -> None:
    for each in keys:
        QTest.keyClick(widget, each, modifier)


def menu(window: Any, name: str) -> QMenu:
    """The menu that is open."""
    return next(m for m in window.findChildren(QMenu, name) if m.isVisible())


def pick(shown: QMenu, text: str) -> None:
    """Click on an entry."""
    action = next(a for a in shown.actions() if text in a.text())
    QTest.mouseClick(shown, LEFT, NONE, shown.actionGeometry(action).center())


def labels(window: Any) -> list[int]:
    return speaker_at(window.session.annotation, window.session.windows).tolist()


def test_each_voice_has_its_place_its_colour_and_its_name(panel: Any, opened: Any) -> None:
    picture = panel.map.grab().toImage()
    for n, speaker in enumerate(turns().speakers):
        own = [i for i, v in enumerate(VOICES) if v == n and i != STRAY]
        other = [i for i, v in enumerate(VOICES) if v != n and i != STRAY]
        middle = np.mean([(panel.map.pixel(i).x(), panel.map.pixel(i).y()) for i in own], axis=0)
        away = {i: np.hypot(*(middle - (panel.map.pixel(i).x(), panel.map.pixel(i).y())))
                for i in [*own, *other]}  # fmt: skip
        assert max(away[i] for i in own) < min(away[i] for i in other)
        seen = [picture.pixelColor(panel.map.pixel(i)) for i in own]
        assert seen.count(speaker_style(speaker).color) > 0.7 * len(own)
    assert "Anna: 22 points; Speaker 2: 12 points" in panel.map.accessibleDescription()
    # the stray one lies among those that it sounds like, in the colour of whom it was given to
    away = [(panel.map.pixel(i) - panel.map.pixel(STRAY)).manhattanLength() for i in range(34)]
    assert VOICES[int(np.argsort(away)[1])] == 0  # the nearest but itself


def test_a_click_is_heard_and_shows_the_turn(panel: Any, opened: Any, player: Any) -> None:
    QTest.mouseClick(panel.map, LEFT, NONE, panel.map.pixel(STRAY))
    assert player.playing
    assert player.span == (STRAY * HOP, STRAY * HOP + LENGTH, False)
    assert opened.editing.selected_turns() == (turns().turns[1],)
    assert not opened.session.undo.canUndo()


def test_the_pointer_is_told_who_and_when(panel: Any, qtbot: QtBot) -> None:
    mouse(panel.map, QEvent.MouseMove, panel.map.pixel(STRAY))
    assert QToolTip.text() == "Speaker 2, 0:00:09.000"
    mouse(panel.map, QEvent.MouseMove, panel.map.rect().bottomRight() - QPoint(3, 3))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_lasso_gives_points_to_another_speaker_in_one_step(
    panel: Any, opened: Any, qtbot: QtBot
) -> None:
    lasso(panel, [STRAY])
    assert STRAY in panel.map.chosen
    assert all(VOICES[i] == 0 or i == STRAY for i in panel.map.chosen)
    panel.map.choose([STRAY])
    assert panel.told.text() == "Chosen: 1 of Speaker 2"
    QTest.mouseClick(panel.give, LEFT)
    pick(menu(opened, "points"), "Anna")
    middle = STRAY * HOP + LENGTH // 2
    assert opened.session.annotation.edited == ((middle - HOP // 2, middle + HOP // 2),)
    assert labels(opened) == [0 if n == STRAY else v for n, v in enumerate(VOICES)]
    assert opened.session.undo.undoText() == "Reassign points"
    seen(opened, qtbot)
    assert "Anna: 23 points" in panel.map.accessibleDescription()
    assert panel.map.chosen == []
    opened.activateWindow()  # which a screen without a window manager doesn't do after a menu
    qtbot.waitUntil(lambda: bool(opened.isActiveWindow()))
    key(opened, Qt.Key_Z, modifier=CTRL)
    assert opened.session.annotation == turns()
    assert opened.session.undo.count() == 1
    assert not opened.session.undo.canUndo()


def test_what_was_reassigned_outlives_a_second_pass(panel: Any, opened: Any) -> None:
    own = [i for i, v in enumerate(VOICES) if v == 1 and i != STRAY]
    lasso(panel, own)
    assert panel.map.chosen == own
    key(panel.map, Qt.Key_1)  # wrongly, but by hand
    given = labels(opened)
    assert [given[i] for i in own] == [0] * len(own)
    session = opened.session
    again = refine(session.windows, session.speech, session.duration)
    session.rerun("again", again)
    assert [labels(opened)[i] for i in own] == [0] * len(own)


def test_points_are_added_taken_out_and_let_go(panel: Any, opened: Any) -> None:
    first = [i for i, v in enumerate(VOICES) if v == 1 and i != STRAY]
    lasso(panel, first)
    QTest.mouseClick(panel.map, LEFT, CTRL, panel.map.pixel(STRAY))
    assert panel.map.chosen == sorted([*first, STRAY])
    QTest.mouseClick(panel.map, LEFT, CTRL, panel.map.pixel(STRAY))
    assert panel.map.chosen == first
    lasso(panel, [STRAY], SHIFT)
    assert set(panel.map.chosen) > set(first)
    lasso(panel, [0], end=False)
    key(panel.map, Qt.Key_Escape)  # takes the lasso back, nothing else
    assert set(panel.map.chosen) > set(first)
    QTest.mouseRelease(panel.map, LEFT, NONE, QPoint(4, 4))
    key(panel.map, Qt.Key_Escape)
    assert panel.map.chosen == []
    assert not panel.give.isEnabled()
    assert opened.session.annotation == turns()


def test_by_keyboard_alone(panel: Any, opened: Any, player: Any, qtbot: QtBot) -> None:
    opened.timeline.setFocus()
    key(opened, Qt.Key_F6, modifier=SHIFT)
    qtbot.waitUntil(panel.map.hasFocus)
    key(panel.map, Qt.Key_Down, Qt.Key_Down)
    assert panel.map.looked_at == {1}
    assert panel.map.current == 12
    assert panel.map.accessibleDescription().startswith("Speaker 2, 0:00:06.500")
    key(panel.map, Qt.Key_Right, Qt.Key_Return)
    assert player.position == 13 * HOP
    key(panel.map, Qt.Key_Right, modifier=SHIFT)
    key(panel.map, Qt.Key_Right, modifier=SHIFT)
    assert panel.map.chosen == [13, 14, 15]
    key(panel.map, Qt.Key_0)
    assert [n for n, i in enumerate(labels(opened)) if i == 2] == [13, 14, 15]
    assert len(opened.session.annotation.speakers) == 3
    seen(opened, qtbot)
    key(panel.map, Qt.Key_Down)
    assert panel.map.looked_at == {2}
    key(panel.map, Qt.Key_A, modifier=CTRL)
    assert panel.map.chosen == [13, 14, 15]
    event = QContextMenuEvent(QContextMenuEvent.Keyboard, QPoint(0, 0))
    QApplication.sendEvent(panel.map, event)
    key(menu(opened, "points"), Qt.Key_2)
    assert labels(opened) == VOICES
    key(panel.map, Qt.Key_Escape)
    assert panel.map.looked_at == frozenset()
    key(panel.map, Qt.Key_9)  # nothing is chosen: the window's key, which has nothing to give to
    assert labels(opened) == VOICES


def test_after_the_button_the_keyboard_is_at_the_map(panel: Any, opened: Any, qtbot: QtBot) -> None:
    panel.map.choose([STRAY])
    panel.give.setFocus()
    key(panel.give, Qt.Key_Return)
    key(menu(opened, "points"), Qt.Key_1)
    assert labels(opened)[STRAY] == 0
    opened.activateWindow()
    qtbot.waitUntil(panel.map.hasFocus)


def test_right_click_chooses_the_point_that_is_meant(panel: Any, opened: Any) -> None:
    where = panel.map.pixel(STRAY)
    event = QContextMenuEvent(QContextMenuEvent.Mouse, where, panel.map.mapToGlobal(where))
    QApplication.sendEvent(panel.map, event)
    assert panel.map.chosen == [STRAY]
    shown = menu(opened, "points")
    assert [a.text() for a in shown.actions()][1:4] == [
        "&1  Anna",
        "&2  Speaker 2",
        "&0  New speaker",
    ]
    pick(shown, "Choose")
    assert panel.map.chosen == []


def test_a_name_makes_its_points_stand_out(panel: Any) -> None:
    QTest.mouseClick(panel.map, LEFT, NONE, panel.map.name_rects()[1])
    assert panel.map.looked_at == {1}
    assert "Anna" not in panel.map.accessibleDescription()
    QTest.mouseClick(panel.map, LEFT, NONE, panel.map.name_rects()[1])
    assert panel.map.looked_at == frozenset()


def test_points_of_nobody_and_numbers_of_nobody_are_refused(
    panel: Any, opened: Any, qtbot: QtBot
) -> None:
    opened.session.edit("x", edits.delete(turns(), turns().turns[2:]))
    seen(opened, qtbot)
    panel.map.choose([30])
    assert not panel.give.isEnabled()
    assert panel.told.text() == "Chosen: 1 of nobody, or of several"
    before = opened.session.annotation
    key(panel.map, Qt.Key_1)
    assert "nobody speaks" in opened.notices.notices[-1].problem.message
    panel.map.choose([0])
    key(panel.map, Qt.Key_7)
    assert "no speaker 7" in opened.notices.notices[-1].problem.message
    assert opened.session.annotation == before


def test_the_distances_follow_every_edit(panel: Any, opened: Any, qtbot: QtBot) -> None:
    model = panel.matrix.distances
    assert [model.headerData(n, Qt.Vertical) for n in (0, 1)] == ["1  Anna", "2  Speaker 2"]
    before = [[model.alike(r, c) for c in (0, 1)] for r in (0, 1)]
    assert before[0][1] == before[1][0]
    assert before[0][1] < 0.7 * min(before[0][0], before[1][1])
    assert model.index(0, 1).data() == f"{before[0][1]:.0%}".replace("%", " %")
    said = model.index(0, 1).data(Qt.AccessibleTextRole)
    assert said.startswith(f"Anna and Speaker 2 are {model.index(0, 1).data()} alike: ")
    assert said.endswith(": far apart")
    distance = [[model.distance(r, c) for c in (0, 1)] for r in (0, 1)]
    panel.map.choose([STRAY])
    key(panel.map, Qt.Key_1)
    seen(opened, qtbot)
    assert model.distance(0, 1) > distance[0][1]
    assert model.distance(1, 1) < distance[1][1]
    opened.session.rename(1, "Ben")
    seen(opened, qtbot)
    assert model.headerData(1, Qt.Vertical) == "2  Ben"
    opened.session.edit("x", edits.new_speaker(opened.session.annotation, "Carl")[0])
    seen(opened, qtbot)
    assert model.index(2, 0).data() == "\N{EN DASH}"
    assert "too little" in model.index(2, 0).data(Qt.ToolTipRole)


def test_a_cell_offers_to_look_to_hear_and_to_merge(
    panel: Any, opened: Any, player: Any, qtbot: QtBot
) -> None:
    matrix = panel.matrix

    def cell(row: int, column: int) -> QMenu:
        index = matrix.distances.index(row, column)
        QTest.mouseClick(matrix.viewport(), LEFT, NONE, matrix.visualRect(index).center())
        return menu(opened, "pair")

    pick(cell(0, 1), "Show both")
    assert panel.map.looked_at == {0, 1}
    pick(cell(1, 1), "Choose all")
    assert panel.map.chosen == [n for n, v in enumerate(VOICES) if v == 1]
    pick(cell(1, 0), "Hear Speaker 2")
    assert player.playing
    assert turns().turns[1].start <= player.position < turns().turns[1].end
    matrix.setFocus()
    key(matrix, Qt.Key_Right, Qt.Key_Return)
    key(menu(opened, "pair"), Qt.Key_Escape)
    pick(cell(1, 0), "Both are Anna")
    assert [s.label for s in opened.session.annotation.speakers] == ["Anna"]
    assert opened.session.undo.count() == 1
    seen(opened, qtbot)
    assert matrix.distances.rowCount() == 1


def test_without_voice_prints_it_says_what_to_do(opened: Any, engine: Any, qtbot: QtBot) -> None:
    panel = opened.docks.similarity
    opened.docks.dock("similarity").raise_()
    qtbot.waitUntil(panel.listen.isVisible)
    assert "Analyse again" in panel.hint.text()
    runs = len(engine.runs)
    QTest.mouseClick(panel.listen, LEFT)
    qtbot.waitUntil(lambda: len(engine.runs) == runs + 1 and not opened.listening.busy)


def test_before_all_is_heard_it_says_so(window: Any, engine: Any, recording: Any, qtbot: QtBot):
    engine.hold = "listening"
    window.open_recording(recording)
    qtbot.waitUntil(engine.reached.is_set)
    window.docks.dock("similarity").raise_()
    panel = window.docks.similarity
    assert "whole recording" in panel.hint.text()
    assert not panel.listen.isVisible()
    window.cancel()
    qtbot.waitUntil(lambda: not window.listening.busy)


def test_what_cannot_be_compared_is_said(opened: Any, qtbot: QtBot) -> None:
    odd = (*windows()[:5], Window(5 * HOP, 5 * HOP + LENGTH, np.ones(7, np.float32), 1.0))
    load(opened, turns(), odd)
    panel = opened.docks.similarity
    opened.docks.dock("similarity").raise_()
    qtbot.waitUntil(lambda: "could not be compared" in panel.hint.text())
    qtbot.waitUntil(lambda: bool(opened.notices.notices))
    assert "went wrong" in opened.notices.notices[-1].problem.message
    load(opened, turns(), windows())
    seen(opened, qtbot)
    assert panel.map.isVisible()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_hardly_any_windows(opened: Any, qtbot: QtBot, count: int) -> None:
    load(opened, turns(), windows()[:count])
    panel = show(opened, qtbot)
    assert panel.map.rect().contains(panel.map.pixel(0))
    panel.map.choose(range(count))
    key(panel.map, Qt.Key_2)
    assert labels(opened) == [1] * count


def test_many_speakers_keep_their_points_and_names_apart(opened: Any, qtbot: QtBot) -> None:
    rng = np.random.default_rng(0)
    voices = np.repeat(np.arange(16), 12)
    rows = np.eye(16)[voices] + 0.1 * rng.normal(size=(len(voices), 16))
    kept = tuple(
        Window(n * HOP, n * HOP + LENGTH, (r / np.linalg.norm(r)).astype("f4"), 1.0)
        for n, r in enumerate(rows)
    )
    made = [Turn(12 * v * HOP + LENGTH // 2 - 1, (12 * v + 12) * HOP, v) for v in range(16)]
    load(opened, Annotation.build(made, 100 * S), kept)
    panel = show(opened, qtbot)
    panel.map.grab()
    names = panel.map.name_rects()
    assert len(names) == 16
    assert len({(p.x(), p.y()) for p in names.values()}) == 16
    assert all(panel.map.rect().contains(p) for p in names.values())


def test_another_meeting_brings_its_own_map(panel: Any, opened: Any, qtbot: QtBot) -> None:
    panel.map.choose([1, 2])
    load(opened, turns(), windows()[:20])
    seen(opened, qtbot)
    assert panel.map.chosen == []
    assert "Anna: 12 points" in panel.map.accessibleDescription()
    opened.close_recording()
    qtbot.waitUntil(lambda: not opened.session.is_open)
    assert panel.map.pixel(0) == QPoint()


def test_closing_the_window_ends_the_work(opened: Any, qtbot: QtBot) -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(3000, 64)).astype("f4")
    kept = tuple(Window(n * HOP, n * HOP + LENGTH, r, 1.0) for n, r in enumerate(rows))
    load(opened, turns(), kept)
    opened.docks.dock("similarity").raise_()
    qtbot.waitUntil(lambda: opened.docks.similarity._task is not None)
    assert "Comparing" in opened.docks.similarity.hint.text()
    opened.session.saved()
    opened.close()
    assert not opened.work.busy


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_cells_and_numbers_can_be_read_in_every_theme(
    panel: Any, opened: Any, qtbot: QtBot, theme: str
) -> None:
    from app.style.palette import contrast

    opened.preferences.theme = theme
    heat = panel.matrix.itemDelegate()
    for nearness in (None, 0.0, 0.3, 0.6, 1.0):
        ground = heat.colour(panel.matrix.palette(), nearness)
        assert contrast(ground, heat.ink(ground)) >= 4.5
    ground = panel.map.grab().toImage().pixelColor(4, 4)
    assert ground == panel.map.palette().base().color()
    opened.preferences.theme = "system"
