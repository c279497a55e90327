"""How sure it is who speaks is shown, sorted by, and followed."""

from __future__ import annotations

from typing import Any

import numpy as np
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.panels.turns_model import SURE
from core.annotation.values import Annotation, Turn
from core.stream.changes import Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE as S
from tests.app.editing.hands import press


def meeting() -> tuple[Annotation, tuple[Window, ...]]:
    """Two voices; the third turn is called the first one's and sounds like the second's."""
    turns = [Turn(n * 3 * S, (n + 1) * 3 * S - S // 2, n % 2) for n in range(4)]
    heard = []
    for n in range(12):
        voice = np.zeros(8, np.float32)
        voice[1 if n // 3 in (1, 2, 3) else 0] = 1
        heard.append(Window(n * S, (n + 1) * S, voice, 1.0))
    return Annotation.build(turns, 20 * S), tuple(heard)


def test_doubtful_turns_are_marked_sorted_and_put_right(talk: Any, qtbot: QtBot) -> None:
    annotation, heard = meeting()
    talk.session.load(annotation, heard, Speech(((0, 12 * S),)))
    doubts, table = talk.editing.doubts, talk.docks.turns
    qtbot.waitUntil(lambda: doubts.confidence(annotation.turns[2]) is not None)
    assert doubts.confidence(annotation.turns[2]) < 0.2
    assert doubts.confidence(annotation.turns[1]) > 0.9
    doubtful = doubts.doubtful()
    assert annotation.turns[2] in doubtful
    table.order.setCurrentIndex(table.order.findText("Least sure first"))
    table.order.activated.emit(table.order.currentIndex())
    assert table.model.turn(0) == annotation.turns[2]
    assert table.model.index(0, SURE).data().endswith(" %")
    talk.timeline.setFocus()
    talk.transport.seek(0)
    while talk.transport.turn != annotation.turns[2]:
        press(talk, Qt.Key_D)
    press(talk, Qt.Key_2)
    qtbot.waitUntil(lambda: doubts.confidence(talk.session.annotation.turns[2]) == 1)
    assert annotation.turns[2] not in doubts.doubtful()


def test_a_doubtful_turn_has_dots_and_says_how_sure(talk: Any, qtbot: QtBot) -> None:
    annotation, heard = meeting()
    talk.session.load(annotation, heard, Speech(((0, 12 * S),)))
    talk.timeline.zoom_to(0, 12)
    qtbot.waitUntil(lambda: talk.editing.doubts.confidence(annotation.turns[2]) is not None)
    canvas = talk.timeline.canvas
    marked = canvas.grab().toImage()
    canvas.turns.confidence = lambda _turn: None
    plain = canvas.grab().toImage()
    differs = [
        x
        for x in range(plain.width())
        if any(plain.pixel(x, y) != marked.pixel(x, y) for y in range(plain.height()))
    ]
    left, right = canvas.x(6.0), canvas.x(8.5)
    assert differs
    assert any(left <= x <= right for x in differs)
