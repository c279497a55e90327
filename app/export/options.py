"""Which part of a meeting is exported, as the person chooses it."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt5.QtCore import Qt, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from app.style.wording import called
from app.widgets.tables import VisibleBoxes
from core.annotation.values import Annotation, Stretch
from core.export.meeting import Options
from core.units import clock, parse_time, to_samples


class ExportOptions(QWidget):
    """A row for each of :class:`core.export.meeting.Options`.

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
        form.addRow(self._joined)
        form.addRow(self._alone)

    def set_sound(self, on: bool) -> None:
        """Whether sound is exported, which has choices of its own."""
        for box in (self._joined, self._alone):
            box.setVisible(on)

    @property
    def habits(self) -> dict[str, float]:
        """What is remembered for the next time: all but the part and the speakers."""
        boxes = (self._anonymous, self._joined, self._alone)
        numbers = (self._gaps, self._shortest)
        return {
            **{box.objectName(): float(box.isChecked()) for box in boxes},
            **{number.objectName(): number.value() for number in numbers},
        }

    def restore(self, habits: Mapping[str, float]) -> None:
        """As they were the last time."""
        for box in (self._anonymous, self._joined, self._alone):
            box.setChecked(habits.get(box.objectName(), 0.0) > 0)
        for number in (self._gaps, self._shortest):
            number.setValue(habits.get(number.objectName(), 0.0))

    def options(self) -> tuple[Options, str]:
        """What is chosen, and what is wrong with it ("" if nothing)."""
        span, problem = self._span() if self._part.isChecked() else (None, "")
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

    def _seconds(self, name: str, label: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setObjectName(name)
        box.setAccessibleName(label)
        box.setRange(0.0, 600.0)
        box.setSingleStep(0.1)
        box.setSuffix(self.tr(" s"))
        box.valueChanged.connect(self._on_change)
        return box
