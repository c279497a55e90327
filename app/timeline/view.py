"""The timeline widget: what the main window talks to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from PyQt5.QtCore import QEvent, QRectF, Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QGridLayout,
    QLabel,
    QScrollBar,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.style.palette import Theme
from app.timeline.canvas import Canvas
from app.timeline.inline_edit import InlineEdit
from app.timeline.names import NamesColumn
from app.timeline.overview import Overview
from app.timeline.sound.waveform import PeakSource
from core.annotation.edits import followed
from core.annotation.values import Annotation, Marker, Turn
from core.stream.speech import Interval
from core.units import axis_time, to_samples, to_seconds

CLOSEST = 0.1
"""Seconds that are visible at the closest zoom."""
NORMAL = 60.0
"""Pixels per second of the normal zoom: some 20 s in a window of usual width."""
ZOOM_STEP = 1.6
LEAD = 0.1
"""Following, the view turns its page so that the playhead is this share from its left edge ..."""
PAGE = 0.95
"""... as soon as it has passed this share."""

FOLLOW_STYLE = """
QToolButton { border: 1px solid palette(mid); border-radius: 4px; padding: 0 8px }
QToolButton:checked {
    border-color: palette(highlight);
    background: palette(highlight);
    color: palette(highlighted-text);
}
"""
"""The one visible control of follow mode: it must be seen at a glance whether it is on."""


class TimelineView(QWidget):
    """Waveform, lanes, axis, names, overview and playhead of one recording.

    Times are seconds, as floats; turns are the annotation's own. The view never changes what it
    shows by itself, except that it follows the playhead.
    """

    time_changed = pyqtSignal(float)
    """The person clicked at this time: play from here."""
    range_changed = pyqtSignal(float, float)
    """Another stretch of time is visible."""
    follow_changed = pyqtSignal(bool)
    turn_selected = pyqtSignal(object)
    """A Turn, or None: the last of those that are selected."""
    turns_selected = pyqtSignal(object)
    """All selected turns, as a tuple."""
    turn_activated = pyqtSignal(object)
    """A Turn was double-clicked."""
    marker_text = pyqtSignal(object, str)
    """A Marker, and the text that was typed for it."""
    marker_left = pyqtSignal(object)
    """No text was typed for this marker: Esc."""
    selection_changed = pyqtSignal(object)
    """A stretch of time was selected: (start, end) in seconds, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = Theme.of(self.palette())
        self._duration = 0.0
        self._position = 0.0
        self._range = (0.0, 10.0)
        self._selection: tuple[float, float] | None = None
        self._follow = True
        self._annotation = Annotation()
        self._peaks: PeakSource | None = None

        self.setAccessibleName(self.tr("Timeline"))
        self.canvas = Canvas(theme)
        self.canvas.setAccessibleName(self.tr("Waveform and speaker lanes"))
        self.canvas.setAccessibleDescription(
            self.tr(
                "Click to go to a time and to select a turn, drag to select time or to move the"
                " edge of a turn, Ctrl and wheel to zoom. N and P go from turn to turn."
            )
        )
        self.names = NamesColumn(theme)
        self.overview = Overview(theme)
        self.lanes_bar = QScrollBar(Qt.Orientation.Vertical)
        self.lanes_bar.setAccessibleName(self.tr("Scroll speaker lanes"))
        self.follow_button = QToolButton()
        self.follow_button.setText(self.tr("Follow"))
        self.follow_button.setCheckable(True)
        self.follow_button.setChecked(True)
        self.follow_button.setStyleSheet(FOLLOW_STYLE)
        self.follow_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.follow_button.setToolTip(
            self.tr("Keep the playhead in view. Scrolling by hand switches this off.")
        )
        self.range_label = QLabel()
        self.range_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.range_label.setAccessibleName(self.tr("Visible time"))
        self.range_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.hint = QLabel(self.tr("Open a recording (Ctrl+O) or drop a file here"))
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self._build()
        self._connect()
        self.set_lanes_hint(self.tr("Speakers appear here"))
        self._restyle()
        self._apply_range()

    def _build(self) -> None:
        tracks = QWidget()
        grid = QGridLayout(tracks)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.names, 0, 0)
        grid.addWidget(self.canvas, 0, 1)
        grid.addWidget(self.lanes_bar, 0, 2)
        grid.addWidget(self.range_label, 2, 0)  # row 1 is for add_rows
        grid.addWidget(self.overview, 2, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(0, 1)
        corner = QVBoxLayout(self.names)
        corner.setContentsMargins(4, 1, 4, 1)
        corner.addWidget(self.follow_button, 0, Qt.AlignmentFlag.AlignLeft)
        corner.addStretch(1)
        self._grid = grid
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.hint)
        self._stack.addWidget(tracks)

    def _connect(self) -> None:
        self.canvas.clicked.connect(self._on_click)
        self.canvas.double_clicked.connect(self._on_double_click)
        self.canvas.dragged.connect(self._on_drag)
        self.canvas.zoomed.connect(self._zoom)
        self.canvas.scrolled.connect(self.scroll_by)
        self.canvas.lanes_scrolled.connect(self._scroll_lanes)
        self.canvas.arranged.connect(self._on_arranged)
        self.names.scrolled.connect(self._scroll_lanes)
        self.lanes_bar.valueChanged.connect(self._on_lanes_bar)
        self.overview.centred.connect(self._on_overview)
        self.follow_button.toggled.connect(self._set_follow)

    # What is shown

    def set_duration(self, samples: int) -> None:
        """The length of the recording. A view that showed all of it keeps showing all of it."""
        everything = self._range[0] <= 0 and self._range[1] >= self._duration
        self._duration = self.canvas.duration = to_seconds(samples)
        self._stack.setCurrentIndex(1 if samples > 0 else 0)
        self._update_content()
        if everything:
            self.fit()
        else:
            self._set_range(*self._range)

    def set_annotation(self, annotation: Annotation) -> None:
        """Show these turns instead of the ones before; the selected turn stays if it is there."""
        self._annotation = annotation
        self.canvas.set_annotation(annotation)
        self.names.set_lanes(self.canvas.turns.lanes)
        selected = self.canvas.turns.selected
        if selected:
            self.select_turns(followed(annotation, selected))
        if annotation.duration > to_samples(self._duration):
            self.set_duration(annotation.duration)
        else:
            self._update_content()

    def add_rows(self, names: QWidget, rows: QWidget) -> None:
        """Put something below the lanes that shows the same stretch of time, and its names."""
        self._grid.addWidget(names, 1, 0)
        self._grid.addWidget(rows, 1, 1)

    def set_editable(self, editable: bool) -> None:
        """Whether turns can be dragged."""
        self.canvas.editable = editable

    def set_confidence(self, confidence: Callable[[Turn], float | None]) -> None:
        """How sure it is who speaks in a turn, where that is known: doubtful ones are marked."""
        self.canvas.turns.confidence = confidence
        self.canvas.turns.update()

    def set_speech(self, stretches: Sequence[Interval]) -> None:
        """Where speech is, in samples: dragged edges snap to it."""
        self.canvas.speech = stretches

    def set_peaks(self, peaks: PeakSource | None) -> None:
        self._peaks = peaks
        self.canvas.wave.set_peaks(peaks)
        self._update_content()

    def refresh(self) -> None:
        """The peaks grew."""
        self.canvas.wave.refresh()
        self.overview.repaint_content()

    def set_lanes_hint(self, text: str) -> None:
        """What stands in place of the lanes while there are none."""
        self.canvas.turns.set_hint(text)

    def _update_content(self) -> None:
        canvas = self.canvas
        self.overview.set_content(
            self._duration, canvas.turns.lanes, canvas.overlaps.lane, self._peaks
        )
        self.names.set_clock(self._position, self._duration)

    # The playhead

    @property
    def position(self) -> float:
        """Where the playhead is, in seconds."""
        return self._position

    def set_position(self, seconds: float) -> None:
        """Move the playhead; if the view follows, it turns its page when the playhead leaves."""
        self._position = seconds
        start, end = self._range
        if self._follow and not start <= seconds <= start + PAGE * (end - start):
            self._set_range(seconds - LEAD * (end - start), seconds + (1 - LEAD) * (end - start))
        self._place()

    def seek(self, seconds: float) -> None:
        """Move the playhead and make it visible, whether the view follows or not."""
        seconds = min(max(seconds, 0.0), self._duration)
        start, end = self._range
        if not start <= seconds <= end:
            self._set_range(seconds - LEAD * (end - start), seconds + (1 - LEAD) * (end - start))
        self._position = seconds
        self._place()

    @property
    def follow(self) -> bool:
        """Whether the view keeps the playhead visible. Scrolling by hand switches it off."""
        return self._follow

    @follow.setter
    def follow(self, follow: bool) -> None:
        self._set_follow(follow)

    def _set_follow(self, follow: bool) -> None:
        if follow == self._follow:
            return
        self._follow = follow
        self.follow_button.setChecked(follow)
        self.follow_changed.emit(follow)
        if follow:
            self.set_position(self._position)

    def _place(self) -> None:
        self.canvas.place(self._position, self._selection)
        self.overview.set_position(self._position)
        self.names.set_clock(self._position, self._duration)

    # The visible range

    def visible_range(self) -> tuple[float, float]:
        """Start and end of what is visible, in seconds."""
        return self._range

    def zoom_in(self) -> None:
        self._zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        self._zoom(1 / ZOOM_STEP)

    def zoom_normal(self) -> None:
        """The zoom at which single turns can be seen well."""
        start, end = self._range
        self._zoom((end - start) * NORMAL / max(self.canvas.width(), 1))

    def fit(self) -> None:
        """Show the whole recording."""
        self._set_range(0.0, max(self._duration, CLOSEST))

    def zoom_to(self, start: float, end: float) -> None:
        """Show this stretch of time."""
        self._set_range(start, end)
        self._follow_if_visible()

    def scroll_by(self, seconds: float) -> None:
        """Scroll to later (or, negative, earlier) times. The view stops following."""
        self._set_follow(False)
        self._set_range(self._range[0] + seconds, self._range[1] + seconds)

    def _zoom(self, factor: float, about: float | None = None) -> None:
        start, end = self._range
        if about is None:  # the playhead stays where it is, or the middle if it is out of view
            about = self._position if start <= self._position <= end else (start + end) / 2
        span = min(max((end - start) / factor, CLOSEST), max(self._duration, CLOSEST))
        left = about - (about - start) * span / (end - start)
        self._set_range(left, left + span)
        self._follow_if_visible()

    def _follow_if_visible(self) -> None:
        """Zooming to where the playhead is not means: look here, do not jump back."""
        if not self._range[0] <= self._position <= self._range[1]:
            self._set_follow(False)

    def _set_range(self, start: float, end: float) -> None:
        span = min(max(end - start, CLOSEST), max(self._duration, CLOSEST))
        start = min(max(start, 0.0), max(self._duration - span, 0.0))
        if (start, start + span) != self._range:
            self._range = (start, start + span)
            self._apply_range()
            self.range_changed.emit(*self._range)

    def _apply_range(self) -> None:
        self.canvas.set_range(*self._range)
        self.overview.set_viewport(*self._range)
        start, end = self._range
        decimals = 0 if end - start >= 10 else 2
        self.range_label.setText(
            f"{axis_time(start, decimals)} \N{EN DASH} {axis_time(end, decimals)}"
        )
        self._place()

    # Selecting

    def selection(self) -> tuple[float, float] | None:
        """The selected stretch of time in seconds."""
        return self._selection

    def set_selection(self, selection: tuple[float, float] | None) -> None:
        if selection != self._selection:
            self._selection = selection
            self._place()
            self.selection_changed.emit(selection)

    def clear_selection(self) -> None:
        self.set_selection(None)

    def selected_turn(self) -> Turn | None:
        """The turn that was selected last, of those that are."""
        turns = self.canvas.turns.selected
        return turns[-1] if turns else None

    def selected_turns(self) -> tuple[Turn, ...]:
        return self.canvas.turns.selected

    def select_turn(self, turn: Turn | None) -> None:
        """Outline a turn and no other, or none; its lane is scrolled into view."""
        self.select_turns([] if turn is None else [turn])

    def select_turns(self, turns: Iterable[Turn]) -> None:
        """Outline these turns; the lane of the last one is scrolled into view."""
        before, last = self.canvas.turns.selected, self.selected_turn()
        selected = tuple(dict.fromkeys(turns))
        if selected == before:
            return
        self.canvas.turns.select(selected)
        now = self.selected_turn()
        # what a screen reader says
        self.setAccessibleDescription("" if now is None else self.canvas.describe(now))
        if now is not None and now != last:
            self.reveal_lane(now.speaker)
        if now != last:
            self.turn_selected.emit(now)
        self.turns_selected.emit(selected)

    def reveal_lane(self, speaker: int) -> None:
        """Scroll the lanes until this speaker's is in view."""
        ids = [lane.speaker.id for lane in self.canvas.turns.lanes]
        if speaker in ids:
            top = ids.index(speaker) * self.canvas.heights.lane
            lowest = top + self.canvas.heights.lane - self.canvas.lanes_height()
            offset = self.canvas.lanes_offset
            self.lanes_bar.setValue(round(min(max(offset, lowest), top)))

    def _on_click(self, seconds: float, turn: Turn | None, keys: Qt.KeyboardModifiers) -> None:
        """Alone: go there, select the turn. With Shift: all up to there. With Ctrl: one more."""
        if keys & Qt.KeyboardModifier.ControlModifier and turn is not None:
            selected = self.selected_turns()
            others = [t for t in selected if t != turn]
            self.select_turns(others if turn in selected else [*others, turn])
        elif keys & Qt.KeyboardModifier.ShiftModifier and turn is not None:
            self.select_turns(self._turns_up_to(turn))
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            first, last = sorted((self._position, min(seconds, self._duration)))
            self._on_drag(first, last)
        else:
            self.clear_selection()
            self.select_turn(turn)
            self.seek(seconds)
            self.time_changed.emit(self._position)

    def _turns_up_to(self, turn: Turn) -> list[Turn]:
        """From the turn selected last to this one, in the order of the table."""
        turns, last = self._annotation.turns, self.selected_turn()
        first, end = sorted((bisect_left(turns, last or turn), bisect_left(turns, turn)))
        between = [t for t in turns[first : end + 1] if t not in (last, turn)]
        return [*([] if last is None else [last]), *between, turn]

    def _on_double_click(self, turn: Turn) -> None:
        self.select_turn(turn)
        self.turn_activated.emit(turn)

    def _on_drag(self, start: float, end: float) -> None:
        self.select_turn(None)
        self.set_selection((max(start, 0.0), min(end, self._duration)))

    def cancel_drag(self) -> bool:
        """Take back what is being dragged; False if there is nothing."""
        return self.canvas.cancel_gesture() or self.names.cancel_drag()

    def edit_marker(self, marker: Marker) -> None:
        """Open a field at a marker to type its text."""
        canvas = self.canvas
        height = self.fontMetrics().height() + 8
        width = self.fontMetrics().averageCharWidth() * 28
        left = min(max(canvas.x(to_seconds(marker.at)), 0), canvas.width() - width)
        rect = QRectF(left, canvas.heights.axis, width, height).toRect()
        field = InlineEdit(canvas.viewport(), rect, marker.text, self.tr("Text of the marker"))
        field.setPlaceholderText(self.tr("What is here?"))
        field.done.connect(lambda text, _step: self.marker_text.emit(marker, text))
        field.cancelled.connect(lambda: self.marker_left.emit(marker))

    # Lanes that need more height than there is

    def _scroll_lanes(self, pixels: float) -> None:
        self.lanes_bar.setValue(round(self.lanes_bar.value() + pixels))

    def _on_lanes_bar(self, value: int) -> None:
        self.canvas.set_lanes_offset(value)
        self._lay_out_names()

    def _on_arranged(self) -> None:
        hidden = round(self.canvas.hidden_height() + 0.49)
        self.lanes_bar.setRange(0, hidden)
        self.lanes_bar.setPageStep(round(self.canvas.lanes_height()))
        self.lanes_bar.setSingleStep(round(self.canvas.heights.lane))
        self.lanes_bar.setVisible(hidden > 0)
        self._lay_out_names()
        self._place()

    def _lay_out_names(self) -> None:
        heights = self.canvas.heights
        self.follow_button.setFixedHeight(round(heights.axis) - 3)
        self.names.set_layout(
            heights.axis, heights.lanes_top, heights.lane, self.canvas.lanes_offset
        )

    def _on_overview(self, seconds: float) -> None:
        start, end = self._range
        self.scroll_by(seconds - (start + end) / 2)

    # Light and dark, small and large

    def changeEvent(self, event: QEvent | None) -> None:
        if event.type() in (
            QEvent.Type.PaletteChange,
            QEvent.Type.FontChange,
            QEvent.Type.StyleChange,
        ):
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        theme = Theme.of(self.palette())
        self.canvas.set_theme(theme)
        for widget in (self.names, self.overview):
            widget.theme = theme
            widget.update()
        self.overview.repaint_content()
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        self.hint.setFont(font)
        muted = self.range_label.palette()
        muted.setColor(self.range_label.foregroundRole(), theme.muted)
        self.range_label.setPalette(muted)
        self.canvas.arrange()
