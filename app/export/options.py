"""Which part of a meeting is exported, and how, as the person chooses it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from PyQt5.QtCore import Qt, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QWidget,
)

from app.style.wording import called
from app.widgets.tables import VisibleBoxes
from core.annotation.values import Annotation, Stretch
from core.export.meeting import AUDIO, Options
from core.formats import CAPTIONED, FRAMED, About
from core.formats.editors.timecode import RATES, TIMECODE
from core.formats.spoken.captions import (
    BROADCAST,
    COLUMNS_LIMITS,
    LINES_LIMITS,
    SPEED_LIMITS,
    CaptionStyle,
)
from core.units import clock, parse_time, to_samples


class ExportOptions(QWidget):
    """A row for each of :class:`core.export.meeting.Options`, and for what a person may say of the
    recording itself (:class:`core.formats.About`). Rows that no format has a use for are hidden.

    Parameters
    ----------
    selection
        The time that is selected on the timeline: offered as the part.
    """

    changed = pyqtSignal()

    def __init__(self, annotation: Annotation, selection: Stretch | None) -> None:
        super().__init__()
        self._duration = annotation.duration
        start, end = selection or (0, annotation.duration)
        self._part = self._check_box("part", self.tr("&Only the part"))
        self._part.setChecked(selection is not None)
        self._from = self._time("from", self.tr("From"), start)
        self._to = self._time("to", self.tr("To"), end)
        self._part.toggled.connect(self._from.setEnabled)
        self._part.toggled.connect(self._to.setEnabled)
        self._speakers = QListWidget()
        self._speakers.setObjectName("speakers")
        self._speakers.setAccessibleName(self.tr("Speakers"))
        self._speakers.setMaximumHeight(110)
        self._speakers.setItemDelegate(VisibleBoxes(self._speakers))
        for speaker in annotation.speakers:
            item = QListWidgetItem(called(speaker), self._speakers)
            item.setData(Qt.ItemDataRole.UserRole, speaker.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
        self._speakers.itemChanged.connect(self._on_change)
        self._gaps = self._seconds("gaps", self.tr("Merge turns closer than"))
        self._shortest = self._seconds("shortest", self.tr("Leave out turns shorter than"))
        self._anonymous = self._check_box("anonymous", self.tr("&Numbers in place of names"))
        self._words = self._check_box("words", self.tr("&What is said"))
        self._words.setVisible(annotation.has_words)
        self._rate = self._frame_rate()
        self._timecode = QLineEdit()
        self._timecode.setObjectName("timecode")
        self._timecode.setPlaceholderText(self.tr("that of the film, or 00:00:00:00"))
        self._timecode.textChanged.connect(self._on_change)
        self._columns = self._count("columns", COLUMNS_LIMITS)
        self._lines = self._count("lines", LINES_LIMITS)
        self._speed = self._count("speed", SPEED_LIMITS)
        self._speed.setSuffix(self.tr(" letters a second"))
        self._joined = self._check_box(
            "joined", self.tr("Only the speech, without the &silence between")
        )
        self._alone = self._check_box("alone", self.tr("&Without what two or more say at once"))
        span = QHBoxLayout()
        for widget in (self._from, QLabel("–"), self._to):
            span.addWidget(widget)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(self._part, span)
        form.addRow(self.tr("Speakers"), self._speakers)
        form.addRow(self._gaps.accessibleName(), self._gaps)
        form.addRow(self._shortest.accessibleName(), self._shortest)
        form.addRow(self._anonymous)
        form.addRow(self._words)
        form.addRow(self.tr("Frames a second"), self._rate)
        form.addRow(self.tr("Timecode at the beginning"), self._timecode)
        form.addRow(self.tr("Signs in a line"), self._columns)
        form.addRow(self.tr("Lines of a caption"), self._lines)
        form.addRow(self.tr("Reading speed"), self._speed)
        form.addRow(self._joined)
        form.addRow(self._alone)
        self._boxes = {
            self._anonymous: False,
            self._words: True,
            self._joined: False,
            self._alone: False,
        }
        """With what each is unless the person chose otherwise."""
        self._numbers = {
            self._gaps: 0.0,
            self._shortest: 0.0,
            self._columns: BROADCAST.columns,
            self._lines: BROADCAST.lines,
            self._speed: BROADCAST.per_second,
        }
        self._of_formats = {
            frozenset(AUDIO): (self._joined, self._alone),
            FRAMED: (self._rate, self._timecode),
            CAPTIONED if annotation.has_words else frozenset[str](): (
                self._columns,
                self._lines,
                self._speed,
            ),
        }
        for row in (self._rate, self._timecode, self._columns, self._lines, self._speed):
            label = form.labelForField(row)
            assert isinstance(label, QLabel)
            row.setAccessibleName(label.text())

    def show_for(self, formats: Collection[str]) -> None:
        """Show the choices that some of these formats have."""
        form = self.layout()
        assert isinstance(form, QFormLayout)
        for some, rows in self._of_formats.items():
            for row in rows:
                row.setVisible(not some.isdisjoint(formats))
                if label := form.labelForField(row):
                    label.setVisible(not row.isHidden())

    @property
    def habits(self) -> dict[str, float | str]:
        """What is remembered for the next time: all but the part, the speakers and the timecode."""
        return {
            **{box.objectName(): float(box.isChecked()) for box in self._boxes},
            **{number.objectName(): number.value() for number in self._numbers},
            self._rate.objectName(): self._rate.currentData(),
        }

    def restore(self, habits: Mapping[str, object]) -> None:
        """As they were the last time; what makes no sense is as at first."""

        def stated(name: str, usual: float) -> float:
            value = habits.get(name)
            return value if isinstance(value, int | float) and math.isfinite(value) else usual

        for box, usual in self._boxes.items():
            box.setChecked(stated(box.objectName(), float(usual)) > 0)
        for number, at_first in self._numbers.items():
            value = max(min(stated(number.objectName(), at_first), number.maximum()), 0)
            if isinstance(number, QSpinBox):
                number.setValue(int(value))
            else:
                number.setValue(value)
        self._rate.setCurrentIndex(max(self._rate.findData(habits.get("frame rate")), 0))

    def about(self, about: About) -> About:
        """The recording, with what the person says of it."""
        return about._replace(
            frame_rate=self._rate.currentData(),
            timecode=self._timecode.text().strip(),
            captions=CaptionStyle(self._columns.value(), self._lines.value(), self._speed.value()),
        )

    def options(self) -> tuple[Options, str]:
        """What is chosen, and what is wrong with it ("" if nothing)."""
        span, problem = self._span() if self._part.isChecked() else (None, "")
        problem = problem or self._no_timecode()
        items = [self._speakers.item(row) for row in range(self._speakers.count())]
        ids = frozenset(
            int(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        )
        options = Options(
            span,
            ids if len(ids) < len(items) else None,
            to_samples(self._gaps.value()),
            to_samples(self._shortest.value()),
            self._anonymous.isChecked(),
            self._words.isChecked(),
            joined=self._joined.isChecked() and not self._joined.isHidden(),
            alone=self._alone.isChecked() and not self._alone.isHidden(),
        )
        return options, problem

    def _span(self) -> tuple[Stretch | None, str]:
        start, end = parse_time(self._from.text()), parse_time(self._to.text())
        if start is None or end is None:
            return None, self.tr("Times are seconds, or minutes:seconds, or h:m:s")
        end = min(end, self._duration)
        if start >= end:
            return None, self.tr("The part must end after it begins, within the recording")
        return (start, end), ""

    def _no_timecode(self) -> str:
        """What is wrong with the timecode; whether it fits a film's own rate, the export says."""
        text, rate = self._timecode.text().strip(), RATES.get(self._rate.currentData())
        if not text or self._timecode.isHidden():
            return ""
        if rate is not None and rate.frames(text) is None:
            return self.tr("{} is no timecode at {} frames a second").format(text, rate.name)
        if not TIMECODE.fullmatch(text):
            return self.tr("A timecode is hours, minutes, seconds and frames, as in 01:00:00:00")
        return ""

    @pyqtSlot()
    def _on_change(self, *_what: object) -> None:
        self.changed.emit()

    def _check_box(self, name: str, text: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setObjectName(name)
        box.toggled.connect(self._on_change)
        return box

    def _time(self, name: str, label: str, samples: int) -> QLineEdit:
        edit = QLineEdit(clock(samples, hours=True))
        edit.setObjectName(name)
        edit.setAccessibleName(label)
        edit.setEnabled(self._part.isChecked())
        edit.textChanged.connect(self._on_change)
        return edit

    def _frame_rate(self) -> QComboBox:
        box = QComboBox()
        box.setObjectName("frame rate")
        box.addItem(self.tr("That of the film, or 25"), "")
        for rate in RATES.values():
            plain = rate.name.removesuffix("df")
            box.addItem(self.tr("{} drop frame").format(plain) if rate.drop else plain, rate.name)
        box.currentIndexChanged.connect(self._on_change)
        return box

    def _count(self, name: str, limits: tuple[int, int]) -> QSpinBox:
        box = QSpinBox()
        box.setObjectName(name)
        box.setRange(*limits)
        box.valueChanged.connect(self._on_change)
        return box

    def _seconds(self, name: str, label: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setObjectName(name)
        box.setAccessibleName(label)
        box.setRange(0.0, 600.0)
        box.setSingleStep(0.1)
        box.setSuffix(self.tr(" s"))
        box.valueChanged.connect(self._on_change)
        return box
