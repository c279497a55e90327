"""The timeline as a person uses it: mouse and wheel on the real widgets, and what is painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QColor, QHelpEvent, QImage, QMouseEvent, QPalette, QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.style.palette import SHADES, mix, speaker_style
from app.timeline import TimelineView
from app.timeline.axis import ticks
from app.timeline.snapping import snapped, targets
from app.timeline.sound.waveform import DEEPER, LOOSE, OUTLINE, speaker_of_columns
from app.timeline.surface import share_height
from app.timeline.turns import Lane, lanes_of
from core.annotation.values import OKABE_ITO, Annotation, Marker, Speaker, Turn, join_turns
from core.units import SAMPLE_RATE as S
from core.units import axis_time


class Hum:
    """Peaks of a recording that is loud in every even second and silent in every odd one."""

    def __init__(self, duration: int, loudness: float = 0.5) -> None:
        self.duration, self.loudness = duration, loudness

    def query(self, start: int, end: int, columns: int) -> tuple[Any, Any]:
        edges = np.linspace(start, end, columns + 1)
        loud = (edges[:-1] // S) % 2 == 0
        high = np.where(loud, self.loudness, 0).astype(np.float32)
        return -high, high

    def rms(self, start: int, end: int, columns: int) -> Any:
        return self.query(start, end, columns)[1] / 2


TURNS = [
    Turn(0, 10 * S, 0),
    Turn(12 * S, 20 * S, 1),
    Turn(18 * S, 25 * S, 2),
    Turn(30 * S, 40 * S, 0),
    Turn(50 * S, 60 * S, 2, settled=False),
]


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    """A hundred seconds, three speakers, everything visible."""
    view = TimelineView()
    qtbot.addWidget(view)
    view.resize(1200, 500)
    view.set_duration(100 * S)
    view.set_peaks(Hum(100 * S))
    view.set_annotation(Annotation.build(TURNS, 100 * S, {1: "Ada"}))
    with qtbot.waitExposed(view):
        view.show()
    QApplication.processEvents()
    return view


def spot(view: TimelineView, seconds: float, lane: int | None = None) -> QPoint:
    """Where a time lies on the canvas: in a lane, or else in the waveform."""
    heights = view.canvas.heights
    y = (
        heights.axis + heights.wave / 2
        if lane is None
        else heights.lanes_top + (lane + 0.5) * heights.lane - view.canvas.lanes_offset
    )
    start, end = view.visible_range()
    return QPoint(round((seconds - start) / (end - start) * view.canvas.width()), round(y))


def click(view: TimelineView, point: QPoint) -> None:
    QTest.mouseClick(view.canvas.viewport(), Qt.LeftButton, Qt.NoModifier, point)


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(widget, Qt.LeftButton, Qt.NoModifier, start)
    for share in (0.3, 0.7, 1.0):
        point = start + (end - start) * share
        # QTest.mouseMove forgets which buttons are down
        buttons = (Qt.NoButton, Qt.LeftButton, Qt.NoModifier)
        move = QMouseEvent(QEvent.MouseMove, point, widget.mapToGlobal(point), *buttons)
        QApplication.sendEvent(widget, move)
        QApplication.processEvents()
    QTest.mouseRelease(widget, Qt.LeftButton, Qt.NoModifier, end)


def wheel(widget: QWidget, point: QPoint, notches: float, keys: Any = Qt.NoModifier) -> None:
    angle = QPoint(0, round(120 * notches))
    event = QWheelEvent(
        QPointF(point),
        QPointF(widget.mapToGlobal(point)),
        QPoint(),
        angle,
        Qt.NoButton,
        keys,
        Qt.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def told(widget: QWidget, point: QPoint, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the tooltip says there."""
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _where, text, _widget: shown.append(text))
    monkeypatch.setattr(QToolTip, "hideText", lambda: shown.append(""))
    event = QHelpEvent(QEvent.ToolTip, point, widget.mapToGlobal(point))
    QApplication.sendEvent(widget, event)
    return shown[-1]


def picture(widget: QWidget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage()


def color(image: QImage, point: QPoint) -> QColor:
    ratio = image.devicePixelRatio()
    return image.pixelColor(round(point.x() * ratio), round(point.y() * ratio))


def near(first: QColor, second: QColor, tolerance: int = 24) -> bool:
    pairs = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)
    return all(abs(a - b) <= tolerance for a, b in pairs)


# What is painted


def test_every_turn_is_painted_in_its_lane_and_colour(view: TimelineView) -> None:
    image = picture(view.canvas)
    background = color(image, spot(view, 95, 1))
    for turn in (t for t in TURNS if t.settled):
        for lane in range(3):
            there = color(image, spot(view, (turn.start + turn.end) / 2 / S, lane))
            overlapped = any(
                t.speaker == lane and t.start < (turn.start + turn.end) / 2 < t.end for t in TURNS
            )
            own = QColor(OKABE_ITO[lane])
            assert near(there, own) if overlapped else near(there, background)


def test_provisional_turns_are_paler(view: TimelineView) -> None:
    image = picture(view.canvas)
    there = color(image, spot(view, 55, 2))
    assert not near(there, QColor(OKABE_ITO[2]))
    assert not near(there, color(image, spot(view, 95, 2)))
    view.set_annotation(Annotation.build([Turn(t.start, t.end, t.speaker) for t in TURNS]))
    assert near(color(picture(view.canvas), spot(view, 55, 2)), QColor(OKABE_ITO[2]))


def test_waveform_shows_sound_and_silence(view: TimelineView) -> None:
    view.zoom_to(0, 10)
    image = picture(view.canvas)
    theme, heights = view.canvas.turns.theme, view.canvas.heights
    outline = mix(theme.base, QColor(OKABE_ITO[0]), OUTLINE)
    body = mix(QColor(OKABE_ITO[0]), theme.text, DEEPER)
    for second in range(10):
        for height, ink in ((0.2, outline), (0.4, body)):
            point = spot(view, second + 0.5)
            point.setY(round(heights.axis + heights.wave * height))
            assert near(color(image, point), ink) == (second % 2 == 0)


def test_the_waveform_is_of_whoever_speaks(view: TimelineView) -> None:
    theme, heights = view.canvas.turns.theme, view.canvas.heights
    loose = mix(theme.base, QColor(OKABE_ITO[2]), OUTLINE)
    for seconds, ink in (
        (4.5, mix(theme.base, QColor(OKABE_ITO[0]), OUTLINE)),
        (14.5, mix(theme.base, QColor(OKABE_ITO[1]), OUTLINE)),
        (22.5, loose),
        (44.5, mix(theme.base, theme.wave, OUTLINE)),  # nobody's
        (54.5, mix(theme.base, loose, LOOSE)),  # whose turn may still change
    ):
        view.zoom_to(seconds - 1, seconds + 1)
        point = spot(view, seconds)
        point.setY(round(heights.axis + heights.wave * 0.2))
        assert near(color(picture(view.canvas), point), ink), seconds


@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=30),
    st.integers(1, 200),
)
def test_a_column_is_of_who_has_most_of_it(turns: list[tuple[int, bool]], columns: int) -> None:
    said = [Turn(n * S, (n + 1) * S, who) for n, (who, there) in enumerate(turns) if there]
    lanes = lanes_of(Annotation.build(join_turns(said), len(turns) * S))
    edges = np.linspace(0, len(turns), columns + 1)
    whose = speaker_of_columns(lanes, edges)
    for n, place in enumerate(whose):
        shares = [
            sum(
                max(0, min(b, edges[n + 1]) - max(a, edges[n]))
                for a, b in zip(lane.starts, lane.ends, strict=True)
            )
            for lane in lanes
        ]
        if place:
            assert shares[place - 1] == pytest.approx(max(shares))
        else:
            assert sum(shares) <= 0.31 * (edges[n + 1] - edges[n])


def test_quiet_recordings_are_drawn_larger(view: TimelineView) -> None:
    view.set_peaks(Hum(100 * S, loudness=0.15))
    view.zoom_to(0, 10)
    point = spot(view, 0.5)
    point.setY(round(view.canvas.heights.axis + view.canvas.heights.wave * 0.2))
    theme = view.canvas.turns.theme
    ink = mix(theme.base, QColor(OKABE_ITO[0]), OUTLINE)
    assert near(color(picture(view.canvas), point), ink)


def test_the_same_time_is_under_the_same_pixel_far_into_a_long_recording(
    view: TimelineView,
) -> None:
    start = 8 * 3600 * S - 3 * S
    view.set_annotation(Annotation.build([Turn(start + S // 100, start + S // 50, 0)]))
    view.zoom_to(start / S, start / S + 0.1)
    image = picture(view.canvas)
    orange = QColor(OKABE_ITO[0])
    assert near(color(image, spot(view, start / S + 0.0105, 0)), orange)
    assert near(color(image, spot(view, start / S + 0.0195, 0)), orange)
    assert not near(color(image, spot(view, start / S + 0.0090, 0)), orange)
    assert not near(color(image, spot(view, start / S + 0.0210, 0)), orange)


def test_many_turns_become_shades_of_how_much_is_speech(view: TimelineView) -> None:
    turns = [Turn(n * 8000, n * 8000 + (6000 if n < 5000 else 1000), 0) for n in range(10_000)]
    view.set_annotation(Annotation.build(turns))
    view.fit()
    image = picture(view.canvas)
    dense = color(image, spot(view, 1000, 0))
    sparse = color(image, spot(view, 4000, 0))
    assert dense.saturation() > sparse.saturation() > 30


def test_edited_turns_have_a_notch(view: TimelineView) -> None:
    turns = [Turn(10 * S, 40 * S, 0), Turn(50 * S, 80 * S, 0)]
    view.set_annotation(replace(Annotation.build(turns, 100 * S), edited=((15 * S, 20 * S),)))
    image = picture(view.canvas)
    heights = view.canvas.heights
    top = round(heights.lanes_top + max(2, round(heights.lane * 0.14)))
    corners = [
        {color(image, QPoint(spot(view, end).x() - 1 - n, top + 1)).name() for n in range(5)}
        for end in (40, 80)
    ]
    orange = QColor(OKABE_ITO[0])
    dark = [any(QColor(c).lightness() < orange.lightness() - 20 for c in seen) for seen in corners]
    assert dark == [True, False]
    assert "edited" in view.canvas.describe(turns[0])
    assert "edited" not in view.canvas.describe(turns[1])


def test_selected_turns_among_too_many_are_underlined(view: TimelineView) -> None:
    turns = [Turn(n * 8000, n * 8000 + 4000, n % 2) for n in range(5000)]
    view.set_annotation(Annotation.build(turns))
    view.fit()
    before = picture(view.canvas)
    view.select_turns(t for t in turns if t.speaker == 1)
    after = picture(view.canvas)
    heights = view.canvas.heights
    changed = [
        any(
            before.pixel(600, y) != after.pixel(600, y)
            for y in range(
                round(heights.lanes_top + n * heights.lane + 4),
                round(heights.lanes_top + (n + 1) * heights.lane - 1),
            )
        )
        for n in range(2)
    ]
    assert changed == [False, True]


def test_markers_are_flags_with_their_text(view: TimelineView) -> None:
    plain = picture(view.canvas)
    annotation = Annotation.build(TURNS, 100 * S)
    markers = (Marker(20 * S), Marker(60 * S, "decision"), Marker(61 * S, "next to it"))
    view.set_annotation(replace(annotation, markers=markers))
    image = picture(view.canvas)
    top = round(view.canvas.heights.axis)
    assert any(
        color(image, QPoint(spot(view, 20).x() + dx, top + 4))
        != color(plain, QPoint(spot(view, 20).x() + dx, top + 4))
        for dx in range(1, 7)
    )
    item = view.canvas.markers
    assert item.marker_at(spot(view, 20).x() + 2, top + 8) == markers[0]
    assert item.marker_at(spot(view, 60).x() + 5, top + 8) == markers[1]
    assert item.marker_at(spot(view, 61).x() + 60, top + 8) == markers[2]
    assert item.marker_at(spot(view, 40).x(), top + 8) is None
    assert item.marker_at(spot(view, 20).x() + 2, top + 90) is None


def test_names_are_elided_and_told_in_full(view: TimelineView, qtbot: QtBot) -> None:
    long = "Wilhelmine Charlotte von Hohenwestedt-Petersen"
    view.set_annotation(Annotation.build(TURNS, 100 * S, {0: long}))
    assert long in view.names.describe(view.canvas.turns.lanes[0])
    assert long in view.names.accessibleDescription()
    image = picture(view.names)
    rect = view.names.name_rect(0)
    edge = [
        image.pixelColor(view.names.width() - 4, y)
        for y in range(round(rect.top()) + 2, round(rect.bottom()) - 2)
    ]
    assert len({c.rgb() for c in edge}) == 1  # no letter runs into the border


def test_names_stand_beside_their_lanes(view: TimelineView) -> None:
    image = picture(view)
    for n in range(3):
        middle = view.names.name_rect(n).center().y()
        lane = view.canvas.heights.lanes_top + (n + 0.5) * view.canvas.heights.lane
        assert middle == pytest.approx(lane, abs=1)
        chip = view.names.mapTo(view, QPoint(14, round(middle)))
        assert near(color(image, chip), QColor(OKABE_ITO[n]))


def test_colours_hang_on_the_speaker_and_the_eighth_is_hatched() -> None:
    styles = [speaker_style(Speaker(n)) for n in range(24)]
    assert [s.color.name().upper() for s in styles[:7]] == list(OKABE_ITO)
    assert all(s.pattern == Qt.NoBrush for s in styles[:7])
    assert all(s.pattern != Qt.NoBrush for s in styles[7:])
    assert len({(s.color.name(), int(s.pattern)) for s in styles}) == 24
    gone = Annotation.build([t for t in TURNS if t.speaker != 1])
    lanes = [Lane(s, gone.turns_of(s.id)) for s in gone.speakers]
    assert [lane.style.color.name().upper() for lane in lanes] == [OKABE_ITO[0], OKABE_ITO[2]]


def test_dark_and_light_follow_the_palette(view: TimelineView) -> None:
    light = color(picture(view.canvas), spot(view, 95, 1))
    dark = QPalette()
    dark.setColor(QPalette.Base, QColor("#1e1f22"))
    dark.setColor(QPalette.Window, QColor("#2b2d31"))
    dark.setColor(QPalette.Text, QColor("#eeeeee"))
    view.setPalette(dark)
    there = color(picture(view.canvas), spot(view, 95, 1))
    assert light.lightness() > 200 > 60 > there.lightness()
    assert near(color(picture(view.names), QPoint(3, 40)), QColor("#2b2d31"))


def test_without_a_recording_there_is_a_hint(qtbot: QtBot) -> None:
    view = TimelineView()
    qtbot.addWidget(view)
    view.show()
    assert view.hint.isVisible()
    assert "Ctrl+O" in view.hint.text()
    view.set_duration(S)
    assert view.canvas.isVisible()
    assert not view.hint.isVisible()
    view.set_annotation(Annotation())
    view.set_duration(0)
    assert view.hint.isVisible()


def test_files_dropped_on_it_reach_the_window(view: TimelineView) -> None:
    for widget in (view, *view.findChildren(QWidget)):
        assert not widget.acceptDrops()


# Clicking


@pytest.mark.parametrize("lane", [None, 0, 1, 2])
def test_click_seeks(view: TimelineView, qtbot: QtBot, lane: int | None) -> None:
    with qtbot.waitSignal(view.time_changed) as clicked:
        click(view, spot(view, 70, lane))
    assert clicked.args[0] == pytest.approx(70, abs=0.1)
    assert view.position == clicked.args[0]
    red = view.canvas.turns.theme.playhead
    image = picture(view.canvas)
    assert any(
        near(color(image, spot(view, 70, lane) + QPoint(dx, 0)), red, 60) for dx in (-1, 0, 1)
    )


def test_click_on_the_axis_seeks(view: TimelineView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.time_changed) as clicked:
        click(view, QPoint(spot(view, 33).x(), 5))
    assert clicked.args[0] == pytest.approx(33, abs=0.1)


def test_click_selects_the_turn_under_it(view: TimelineView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.turn_selected) as selected:
        click(view, spot(view, 19, 2))
    assert selected.args == [TURNS[2]]
    text = view.canvas.turns.theme.text
    start = spot(view, 18, 2)
    image = picture(view.canvas)
    outline = [color(image, start + QPoint(dx, 0)) for dx in range(-3, 2)]
    assert any(near(c, text, 60) for c in outline)
    with qtbot.waitSignal(view.turn_selected) as selected:
        click(view, spot(view, 90, 1))
    assert selected.args == [None]


def test_double_click_activates_the_turn(view: TimelineView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.turn_activated) as activated:
        QTest.mouseDClick(view.canvas.viewport(), Qt.LeftButton, Qt.NoModifier, spot(view, 35, 0))
    assert activated.args == [TURNS[3]]
    assert view.selected_turn() == TURNS[3]


def test_double_click_beside_turns_activates_nothing(view: TimelineView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.turn_activated):
        QTest.mouseDClick(view.canvas.viewport(), Qt.LeftButton, Qt.NoModifier, spot(view, 80, 0))


def test_the_right_button_does_nothing(view: TimelineView, qtbot: QtBot) -> None:
    before = view.visible_range()
    with qtbot.assertNotEmitted(view.time_changed), qtbot.assertNotEmitted(view.selection_changed):
        QTest.mouseClick(view.canvas.viewport(), Qt.RightButton, Qt.NoModifier, spot(view, 50))
    assert view.visible_range() == before
    assert QApplication.activePopupWidget() is None


def test_drag_selects_time(view: TimelineView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.time_changed):
        drag(view.canvas.viewport(), spot(view, 60), spot(view, 40))
    selection = view.selection()
    assert selection == pytest.approx((40, 60), abs=0.2)
    image = picture(view.canvas)
    tinted, plain = color(image, spot(view, 45, 1)), color(image, spot(view, 65, 1))
    assert not near(tinted, plain, 8)
    with qtbot.waitSignal(view.selection_changed) as changed:
        click(view, spot(view, 80))
    assert changed.args == [None]


def test_a_drag_beyond_the_edges_stays_in_the_recording(view: TimelineView) -> None:
    width = view.canvas.width()
    drag(view.canvas.viewport(), spot(view, 90), QPoint(width + 50, 100))
    selection = view.selection()
    assert selection == pytest.approx((90, 100), abs=0.2)


def test_select_turn_survives_an_update_that_keeps_it(view: TimelineView, qtbot: QtBot) -> None:
    view.select_turn(TURNS[1])
    view.set_annotation(Annotation.build([*TURNS, Turn(70 * S, 71 * S, 1)], 100 * S))
    assert view.selected_turn() == TURNS[1]
    with qtbot.waitSignal(view.turn_selected) as selected:
        view.set_annotation(Annotation.build(TURNS[2:], 100 * S))
    assert selected.args == [None]


# Zooming and scrolling


@pytest.mark.parametrize("at", [10.0, 50.0, 80.0])
def test_ctrl_wheel_zooms_about_the_pointer(view: TimelineView, at: float) -> None:
    point = spot(view, at)
    before = view.canvas.seconds(point.x())
    wheel(view.canvas.viewport(), point, 3, Qt.ControlModifier)
    start, end = view.visible_range()
    assert end - start < 60
    assert view.canvas.seconds(point.x()) == pytest.approx(before, abs=1e-6)
    wheel(view.canvas.viewport(), point, -9, Qt.ControlModifier)
    assert view.visible_range() == (0, 100)


def test_wheel_scrolls_in_time_and_stops_at_the_ends(view: TimelineView) -> None:
    view.zoom_to(40, 60)
    wheel(view.canvas.viewport(), spot(view, 50), -1)
    assert view.visible_range()[0] > 40
    assert view.visible_range()[1] - view.visible_range()[0] == pytest.approx(20)
    wheel(view.canvas.viewport(), spot(view, 50), 2, Qt.ShiftModifier)
    assert view.visible_range()[0] < 40
    wheel(view.canvas.viewport(), spot(view, 50), 1000)
    assert view.visible_range() == pytest.approx((0, 20))
    wheel(view.canvas.viewport(), spot(view, 10), -1000)
    assert view.visible_range() == pytest.approx((80, 100))


def test_zoom_commands(view: TimelineView) -> None:
    view.set_position(50)
    view.zoom_in()
    start, end = view.visible_range()
    assert 0 < start < 50 < end < 100
    view.zoom_out()
    assert view.visible_range() == pytest.approx((0, 100))
    view.zoom_normal()
    start, end = view.visible_range()
    assert (end - start) == pytest.approx(view.canvas.width() / 60)
    for _ in range(60):
        view.zoom_in()
    start, end = view.visible_range()
    assert end - start == pytest.approx(0.1)
    view.fit()
    assert view.visible_range() == (0, 100)


def test_the_visible_range_is_always_inside_the_recording(view: TimelineView) -> None:
    @given(st.lists(st.tuples(st.floats(-50, 150), st.floats(-50, 150)), max_size=5))
    def check(spans: list[tuple[float, float]]) -> None:
        for a, b in spans:
            view.zoom_to(min(a, b), max(a, b))
            view.scroll_by(b - a)
            start, end = view.visible_range()
            assert -1e-9 <= start < end <= 100 + 1e-9
            assert end - start >= 0.1 - 1e-9

    check()


def test_a_growing_recording_stays_in_view_only_if_all_of_it_was(view: TimelineView) -> None:
    view.set_duration(120 * S)
    assert view.visible_range() == (0, 120)
    view.zoom_to(10, 20)
    view.set_duration(140 * S)
    assert view.visible_range() == (10, 20)


def test_the_overview_moves_the_viewport(view: TimelineView, qtbot: QtBot) -> None:
    view.zoom_to(0, 20)
    overview = view.overview
    width = overview.width()
    click_at = QPoint(round(width * 0.7), 20)
    QTest.mouseClick(overview, Qt.LeftButton, Qt.NoModifier, click_at)
    assert view.visible_range() == pytest.approx((60, 80), abs=0.2)
    box = overview.box()
    assert box.left() == pytest.approx(width * 0.6, abs=2)
    assert box.right() == pytest.approx(width * 0.8, abs=2)
    # caught off its middle, the box does not jump under the pointer
    drag(overview, QPoint(round(width * 0.62), 20), QPoint(round(width * 0.32), 20))
    assert view.visible_range() == pytest.approx((30, 50), abs=0.3)
    drag(overview, QPoint(round(width * 0.4), 20), QPoint(width + 300, 20))
    assert view.visible_range() == pytest.approx((80, 100), abs=0.3)


def test_the_overview_shows_the_lanes(view: TimelineView) -> None:
    image = picture(view.overview)
    column = round(view.overview.width() * 0.35)
    seen = [image.pixelColor(column, y) for y in range(view.overview.height())]
    assert any(near(c, QColor(OKABE_ITO[0])) for c in seen)
    assert not any(near(c, QColor(OKABE_ITO[1])) for c in seen)


# Following


def test_following_turns_the_page(view: TimelineView) -> None:
    view.zoom_to(0, 10)
    view.set_position(5)
    assert view.visible_range() == (0, 10)
    view.set_position(9.8)
    assert view.visible_range() == pytest.approx((8.8, 18.8))
    assert view.follow


def test_scrolling_by_hand_suspends_following(view: TimelineView, qtbot: QtBot) -> None:
    view.zoom_to(0, 10)
    with qtbot.waitSignal(view.follow_changed) as changed:
        wheel(view.canvas.viewport(), spot(view, 5), -30)
    assert changed.args == [False]
    assert not view.follow_button.isChecked()
    before = view.visible_range()
    view.set_position(9.9)
    assert view.visible_range() == before
    QTest.mouseClick(view.follow_button, Qt.LeftButton)  # the one visible control
    assert view.follow
    start, end = view.visible_range()
    assert start <= 9.9 <= end


def test_zooming_elsewhere_suspends_following_too(view: TimelineView) -> None:
    view.set_position(5)
    view.zoom_to(0, 10)
    assert view.follow
    view.zoom_to(50, 60)
    assert not view.follow


def test_seek_reveals_the_playhead(view: TimelineView, qtbot: QtBot) -> None:
    view.zoom_to(0, 10)
    view.follow = False
    with qtbot.assertNotEmitted(view.time_changed):
        view.seek(75)
    start, end = view.visible_range()
    assert start <= 75 <= end
    view.seek(1000)
    assert view.position == 100


# Many speakers


def crowd(speakers: int) -> Annotation:
    return Annotation.build(
        [Turn(n * S, (n + 2) * S, n % speakers) for n in range(speakers * 2)], 100 * S
    )


def test_narrow_turns_tell_hatched_speakers_apart(view: TimelineView) -> None:
    turns = [Turn((10 + 5 * n) * S, (10 + 5 * n) * S + S // 4, n) for n in (0, 7)]
    silent = [Turn((60 + n) * S, (60 + n) * S + S // 4, n) for n in range(1, 7)]
    view.set_annotation(Annotation.build([*turns, *silent], 100 * S))
    QApplication.processEvents()
    image = picture(view.canvas)
    for lane, (turn, parted) in enumerate(zip(turns, (False, True), strict=True)):
        middle = spot(view, (turn.start + turn.end) / 2 / S, lane)
        colour = QColor(OKABE_ITO[turn.speaker % 7])
        assert near(color(image, middle), colour) is not parted
        assert near(color(image, middle + QPoint(0, round(view.canvas.heights.lane / 4))), colour)


def test_twenty_speakers_can_be_scrolled(view: TimelineView) -> None:
    view.set_annotation(crowd(20))
    QApplication.processEvents()
    canvas = view.canvas
    assert view.lanes_bar.isVisible()
    assert canvas.heights.lane >= canvas.fontMetrics().height() * 1.5
    assert canvas.lane_at(canvas.height() - 2) != 19
    wheel(canvas.viewport(), spot(view, 50), -30, Qt.AltModifier)
    assert canvas.lane_at(canvas.height() - 2) == 19
    before = view.visible_range()
    image = picture(canvas)
    around = [color(image, spot(view, 19.3, 19) + QPoint(dx, 0)) for dx in range(12)]
    assert any(near(c, QColor(OKABE_ITO[19 % 7])) for c in around)  # between the hatching
    name = view.names.name_rect(19)
    assert name.bottom() == pytest.approx(view.names.height(), abs=2)
    wheel(view.names, QPoint(20, 200), 30)
    assert canvas.lane_at(round(canvas.heights.lanes_top) + 2) == 0
    assert view.visible_range() == before
    view.select_turn(Turn(19 * S, 21 * S, 19))  # selecting scrolls its lane into view
    assert canvas.lane_at(canvas.height() - 2) == 19
    view.set_annotation(crowd(3))
    assert not view.lanes_bar.isVisible()
    assert canvas.lane_at(round(canvas.heights.lanes_top) + 2) == 0


@given(st.floats(120, 3000), st.integers(0, 60), st.floats(8, 60))
def test_heights_fit(height: float, lanes: int, line: float) -> None:
    heights = share_height(height, lanes, line)
    assert heights.wave > 0
    assert heights.lane >= int(line * 1.6)
    assert heights.lanes_top <= max(height, heights.axis + 1)


# Times on the axis


@given(
    st.floats(0, 30_000),
    st.floats(0.1, 100_000),
    st.floats(100, 4000),
    st.floats(40, 200),
)
def test_ticks(start: float, span: float, pixels: float, width: float) -> None:
    marks = ticks(start, start + span, pixels, width)
    assert marks.major[0] <= start + 1e-9
    assert marks.major[-1] >= start + span - 1e-9
    texts = [axis_time(t, marks.decimals) for t in marks.major]
    assert len(set(texts)) == len(texts)
    steps = np.diff(marks.major)
    assert np.allclose(steps, steps[0])
    if span / pixels * width < 43_200:
        assert steps[0] / span * pixels >= width - 1e-6  # labels do not touch
    assert not set(marks.minor) & set(marks.major)


def test_axis_labels_are_painted(view: TimelineView) -> None:
    view.zoom_to(30, 40)
    canvas = view.canvas
    image = picture(canvas)
    assert any(
        color(image, QPoint(x, y)).lightness() < 128
        for x in range(canvas.width())
        for y in range(2, round(canvas.heights.axis) - 2)
    )


def test_labels() -> None:
    assert axis_time(0) == "0:00:00"
    assert axis_time(8 * 3600 - 1) == "7:59:59"
    assert axis_time(59.96, 1) == "0:01:00.0"
    assert axis_time(61.25, 2) == "0:01:01.25"


# Snapping


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(1, 9)), max_size=6),
    st.lists(st.tuples(st.integers(0, 90), st.integers(1, 9)), max_size=4),
    st.integers(0, 100),
    st.integers(0, 12),
)
def test_snapping_finds_the_nearest_edge_of_anything_else(
    lengths: list[tuple[int, int]], speech: list[tuple[int, int]], at: int, within: int
) -> None:
    a = Annotation.build([Turn(s, s + n, i) for i, (s, n) in enumerate(lengths)])
    stretches = [(s, s + n) for s, n in speech]
    leave = a.turns[:1]
    edges = {e for t in a.turns[1:] for e in (t.start, t.end)}
    edges |= {e for stretch in stretches for e in stretch} | {50}
    found = snapped(at, targets(a, stretches, leave, 50), within)
    nearest = min(abs(e - at) for e in edges)
    if nearest > within:
        assert found is None
    else:
        assert found in edges
        assert abs(found - at) == nearest


# Lanes


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), max_size=40),
    st.floats(0, 400),
    st.floats(0.01, 300),
)
def test_a_lane_finds_what_is_visible(
    gaps: list[tuple[int, int]], start: float, span: float
) -> None:
    turns, at = [], 0
    for gap, length in gaps:
        turns.append(Turn((at + gap) * 1600, (at + gap + length) * 1600, 0))
        at += gap + length
    lane = Lane(Speaker(0), turns)
    end = start + span
    expected = [t for t in turns if t.end / S >= start and t.start / S <= end]
    assert list(lane.turns[lane.visible(start, end)]) == expected
    covered = sum(max(0.0, min(t.end / S, end) - max(t.start / S, start)) for t in turns)
    assert lane.coverage(np.array([start, end]))[0] * span == pytest.approx(covered, abs=1e-6)
    hit = lane.turn_at(start)
    assert (hit is not None) == any(t.start / S <= start <= t.end / S for t in turns)


# On the way to the screen


@pytest.fixture
def paints(view: TimelineView, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[float]]:
    """The widths, in pixels, that the turns item was asked to paint since the last call."""
    widths: list[float] = []
    item = view.canvas.turns
    original = item.paint_frame

    def spy(p: Any, frame: Any) -> None:
        widths.append(frame.exposed.width())
        original(p, frame)

    monkeypatch.setattr(item, "paint_frame", spy)

    def since() -> list[float]:
        seen = widths[:]
        widths.clear()
        return seen

    return since


def test_a_moving_playhead_repaints_a_slim_strip_only(
    view: TimelineView, paints: Callable[[], list[float]], qtbot: QtBot
) -> None:
    view.set_position(50)
    QApplication.processEvents()
    paints()
    view.set_position(50.2)
    qtbot.wait(50)
    seen = paints()
    assert seen
    assert max(seen) < 60


# who speaks at the same time


def inked(image: QImage, left: QPoint, right: QPoint, ground: QColor) -> float:
    """The share of a line of pixels that isn't the background."""
    ratio = image.devicePixelRatio()
    row = round(left.y() * ratio)
    line = range(round(left.x() * ratio), round(right.x() * ratio))
    return sum(image.pixelColor(x, row) != ground for x in line) / len(line)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_overlap_is_hatched_on_the_waveform_in_every_theme(
    view: TimelineView, qtbot: QtBot, theme: str
) -> None:
    """Ada and the third speaker talk at once from 18 to 20 s; around that, one does."""
    view.setPalette(SHADES[theme].palette())
    view.set_peaks(None)
    view.zoom_to(15, 25)
    image, ground = picture(view.canvas), view.canvas.turns.theme.base
    top = QPoint(0, round(view.canvas.heights.axis) + 12)

    def at(seconds: float) -> QPoint:
        return QPoint(spot(view, seconds).x(), top.y())

    assert inked(image, at(18.1), at(19.9), ground) > 0.9  # ground and lines
    colours = {color(image, QPoint(x, top.y())).rgb() for x in range(at(18.1).x(), at(19.9).x())}
    assert len(colours) > 1, "a pattern, not just a colour"
    assert inked(image, at(15.2), at(17.9), ground) < 0.05  # but for lines of the grid
    bottom = QPoint(spot(view, 19.5).x(), round(view.canvas.heights.lanes_top) - 2)
    assert color(image, bottom) == view.canvas.turns.theme.text
    assert color(image, QPoint(spot(view, 17.3).x(), bottom.y())) == ground


def test_overlap_is_a_bar_in_the_overview(view: TimelineView) -> None:
    view.set_peaks(None)
    image, theme = picture(view.overview), view.overview.theme
    x = round(19 / 100 * view.overview.width())
    y = round(view.overview.height() * 0.5) - 2
    assert color(image, QPoint(x, y)) == theme.text
    assert color(image, QPoint(round(0.35 * view.overview.width()), y)) == theme.base


def test_among_thousands_of_overlaps_the_bar_is_left(view: TimelineView) -> None:
    turns = [Turn(n * 160, n * 160 + 100, n % 2) for n in range(2000)]
    turns += [Turn(n * 160 + 50, n * 160 + 150, 2) for n in range(2000)]
    view.set_annotation(Annotation.build(turns, 100 * S))
    image = picture(view.canvas)
    y = round(view.canvas.heights.lanes_top) - 2
    assert color(image, QPoint(spot(view, 10).x(), y)) != view.canvas.turns.theme.base
    assert color(image, QPoint(spot(view, 50).x(), y)) == view.canvas.turns.theme.base


def test_tooltips_say_who_speaks_over_whom(
    view: TimelineView, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = view.canvas
    said = told(canvas.viewport(), spot(view, 19), monkeypatch)
    assert said == "Ada, Speaker 3 speak at once\n0:00:18.000 \N{EN DASH} 0:00:20.000  (0:02.000)"
    assert told(canvas.viewport(), spot(view, 5), monkeypatch) == ""
    assert "overlaps Speaker 3 for 0:02.000" in told(
        canvas.viewport(), spot(view, 14, 1), monkeypatch
    )
    assert "overlaps" not in told(canvas.viewport(), spot(view, 5, 0), monkeypatch)
