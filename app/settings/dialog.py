"""The settings: everything takes effect at once, or the dialog says when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QSize, Qt, pyqtSlot
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSlider,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.listening.speaker_count import STEPS
from app.preferences import Preferences
from app.settings.analyses import KeptAnalysesBox
from app.settings.shortcuts_page import ShortcutsPage
from app.style.palette import chip, speaker_style
from app.style.theme import THEMES
from app.style.wording import decimal
from app.translation import LANGUAGES
from core.annotation.values import OKABE_ITO, Speaker
from core.errors import VoicelanesError
from core.units import to_seconds

if TYPE_CHECKING:
    from app.recording.inputs import Inputs


class SettingsDialog(QDialog):
    """All that a person can choose, by what it is about.

    Parameters
    ----------
    inputs
        The microphones; None leaves that choice out.
    recordings_folder
        Where recordings are kept as long as no folder is chosen.
    """

    def __init__(
        self,
        preferences: Preferences,
        inputs: Inputs | None,
        recordings_folder: Path,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._preferences, self._inputs = preferences, inputs
        self._usual_folder = recordings_folder
        self.tabs = QTabWidget()
        self.tabs.tabBar().setAccessibleName(self.tr("Settings by subject"))
        self.shortcuts = ShortcutsPage(preferences)
        self.tabs.addTab(self._general(), self.tr("&General"))
        self.tabs.addTab(self._recording(), self.tr("&Recording"))
        self.tabs.addTab(self._recognition(), self.tr("S&peakers"))
        self.tabs.addTab(self.shortcuts, self.tr("&Shortcuts"))
        self.defaults = QPushButton(self.tr("&Defaults"))
        self.defaults.setToolTip(self.tr("Set everything here back to how it was at first"))
        self.defaults.clicked.connect(preferences.reset)
        close = QPushButton(self.tr("&Close"))
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.defaults)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.addWidget(self.tabs)
        column.addLayout(buttons)
        for button in (self.defaults, close):
            button.setAutoDefault(False)  # Enter belongs to the field that has the keyboard
        preferences.changed.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 84, 480)

    # the pages

    def _general(self) -> QWidget:
        self.theme = QComboBox()
        names = {
            "system": self.tr("System default"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
            "contrast": self.tr("High contrast"),
        }
        for theme in THEMES:
            self.theme.addItem(names[theme], theme)
        self.language = QComboBox()
        self.language.addItem(self.tr("System default"), "")
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.restart = _note(self.tr("Takes effect when Voicelanes is started again."))
        self.follow = QCheckBox(self.tr("&Follow the playhead when a recording is opened"))
        self.autosave = QCheckBox(self.tr("&Keep unsaved changes where a crash can't reach them"))
        self.analyses = KeptAnalysesBox(self._preferences)
        self.theme.activated.connect(lambda: self._set("theme", self.theme.currentData()))
        self.language.activated.connect(lambda: self._set("language", self.language.currentData()))
        self.follow.toggled.connect(lambda on: self._set("follow", on))
        self.autosave.toggled.connect(lambda on: self._set("autosave", on))
        self.colours = [QToolButton() for _ in OKABE_ITO]
        for n, button in enumerate(self.colours):
            button.clicked.connect(lambda _on, n=n: self._ask_colour(n))
        self.usual_colours = QPushButton(self.tr("&Usual ones"))
        self.usual_colours.setToolTip(self.tr("Seven colours that everybody can tell apart"))
        self.usual_colours.setAutoDefault(False)
        self.usual_colours.clicked.connect(lambda: self._set("colours", OKABE_ITO))
        colours = QHBoxLayout()
        for button in (*self.colours, self.usual_colours):
            colours.addWidget(button)
        colours.addStretch(1)
        page = _page(
            (self.tr("&Theme:"), self.theme),
            (self.tr("C&olours of speakers:"), colours),
            (self.tr("&Language:"), self.language),
            ("", self.restart),
            ("", self.follow),
            ("", self.autosave),
            ("", self.analyses),
        )
        for n, button in enumerate(self.colours, 1):
            button.setAccessibleName(self.tr("Colour of speaker {}").format(n))
            button.setToolTip(button.accessibleName())
        return page

    def _ask_colour(self, n: int) -> None:
        """The colour of the speaker with this id, unless a meeting has another for them."""
        dialog = QColorDialog(QColor(self._preferences.colours[n]), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setWindowTitle(self.tr("Colour of speaker {}").format(n + 1))
        dialog.colorSelected.connect(lambda colour: self._recolour(n, colour))
        dialog.open()

    def _recolour(self, n: int, colour: QColor) -> None:
        before = self._preferences.colours
        self._set("colours", (*before[:n], colour.name(), *before[n + 1 :]))

    def _recording(self) -> QWidget:
        self.folder = QLineEdit()
        self.browse = QPushButton(self.tr("&Browse…"))
        self.browse.setAccessibleName(self.tr("Browse for the folder of recordings"))
        self.folder.setPlaceholderText(str(self._usual_folder))
        self.folder.editingFinished.connect(
            lambda: self._set("recordings_folder", self.folder.text().strip())
        )
        self.browse.clicked.connect(self._browse)
        rows: list[tuple[str, QWidget | QLayout]] = []
        if self._inputs is not None:
            inputs = self._inputs
            self.microphone = QComboBox()
            self.look = QPushButton(self.tr("&Look again"))
            self.microphone.activated.connect(self._choose_microphone)
            self.look.clicked.connect(lambda: inputs.look())
            self.look.clicked.connect(lambda: inputs.look_for_outputs())
            inputs.changed.connect(self._list_microphones)
            rows.append((self.tr("&Microphone:"), _row(self.microphone, self.look)))
            if not inputs.known:
                inputs.look()
            self._list_microphones()
            self.output = QComboBox()
            self.output.activated.connect(self._choose_output)
            inputs.outputs_changed.connect(self._list_outputs)
            inputs.look_for_outputs()
            self._list_outputs()
            rows.append((self.tr("&Output for playing:"), self.output))
        rows.append((self.tr("&Folder:"), _row(self.folder, self.browse)))
        note = _note(self.tr("New recordings are kept here. Takes effect with the next recording."))
        return _page(*rows, ("", note))

    def _recognition(self) -> QWidget:
        self.speakers = QLineEdit()
        self.speakers.setPlaceholderText(self.tr("any number"))
        self.speakers_note = _note("")
        self.speakers.textEdited.connect(self._on_speakers)
        self.sensitivity = QSlider(Qt.Orientation.Horizontal)
        self.sensitivity.setRange(-STEPS, STEPS)
        self.sensitivity.setPageStep(STEPS // 2)
        self.sensitivity.setToolTip(self.tr("How readily alike voices count as two speakers"))
        self.sensitivity.valueChanged.connect(lambda n: self._set("sensitivity", n / STEPS))
        fewer = QLabel(self.tr("fewer"))
        scale = QHBoxLayout()
        scale.addWidget(fewer)
        scale.addWidget(self.sensitivity, 1)
        scale.addWidget(QLabel(self.tr("more")))
        self.channels = QComboBox()
        for name, text in (
            ("auto", self.tr("Found out: one sound, or different people")),
            ("mix", self.tr("One sound")),
            ("speakers", self.tr("Different people, heard alone")),
        ):
            self.channels.addItem(text, name)
        self.channels.activated.connect(lambda: self._set("channels", self.channels.currentData()))
        self.models = QComboBox()
        self.about = _note("")
        self.models.activated.connect(self._use_models)
        self._list_models()
        return _page(
            (self.tr("&Usual number of speakers:"), self.speakers),
            ("", self.speakers_note),
            (self.tr("&Fewer or more speakers:"), scale),
            ("", _note(self.tr("Where the number is open. Takes effect like the number."))),
            (self.tr("C&hannels of a recording:"), self.channels),
            (self.tr("&Models:"), self.models),
            ("", self.about),
        )

    # what is chosen

    def _set(self, name: str, value: object) -> None:
        setattr(self._preferences, name, value)

    @pyqtSlot()
    def _show(self) -> None:
        """Everything as the settings have it."""
        p = self._preferences
        self.theme.setCurrentIndex(self.theme.findData(p.theme))
        self.language.setCurrentIndex(max(0, self.language.findData(p.language)))
        for n, button in enumerate(self.colours):
            button.setIcon(chip(speaker_style(Speaker(n, colour=p.colours[n]))))
        self.follow.setChecked(p.follow)
        self.autosave.setChecked(p.autosave)
        self.channels.setCurrentIndex(self.channels.findData(p.channels))
        self.folder.setText(p.recordings_folder)
        if self.speakers.text().strip() != p.speakers:
            self.speakers.setText(p.speakers)
        self._list_outputs()
        self._explain_speakers()
        self.sensitivity.blockSignals(True)  # a value between two of its steps stays
        self.sensitivity.setValue(round(p.sensitivity * STEPS))
        self.sensitivity.blockSignals(False)

    @pyqtSlot()
    def _list_microphones(self) -> None:
        inputs = self._inputs
        if inputs is None:
            return
        box = self.microphone
        box.clear()
        for device in inputs.devices:
            box.addItem(device.name, device)
        if not inputs.devices:
            box.addItem(self.tr("Looking…") if inputs.looking else self.tr("None found"))
        box.setEnabled(bool(inputs.devices))
        if inputs.chosen in inputs.devices:
            box.setCurrentIndex(inputs.devices.index(inputs.chosen))

    @pyqtSlot()
    def _list_outputs(self) -> None:
        """The system's, those that are there, and the chosen one even if it is gone."""
        if self._inputs is None:
            return
        box, chosen = self.output, self._preferences.output_device
        box.clear()
        box.addItem(self.tr("System default"), "")
        for device in self._inputs.outputs:
            box.addItem(device.name, device.key)
        if box.findData(chosen) < 0:
            box.addItem(self.tr("{} (not there now)").format(chosen), chosen)
        box.setCurrentIndex(box.findData(chosen))

    @pyqtSlot()
    def _choose_output(self) -> None:
        self._set("output_device", self.output.currentData())

    @pyqtSlot()
    def _choose_microphone(self) -> None:
        device = self.microphone.currentData()
        if self._inputs is not None and device is not None:
            self._inputs.choose(device)

    @pyqtSlot()
    def _browse(self) -> None:
        folder = self._preferences.recordings_folder or str(self._usual_folder)
        dialog = QFileDialog(self, self.tr("Folder of recordings"), folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self._set("recordings_folder", chosen))
        dialog.open()

    @pyqtSlot(str)
    def _on_speakers(self, text: str) -> None:
        if not text.strip() or self._is_number(text):
            self._set("speakers", text.strip())
        self._explain_speakers()

    @staticmethod
    def _is_number(text: str) -> bool:
        from app.listening.usual_speakers import count

        return count(text) is not None

    def _explain_speakers(self) -> None:
        text = self.speakers.text().strip()
        if text and not self._is_number(text):
            self.speakers_note.setText(self.tr("Not a number: write 3, or 2-4 for a range."))
        else:
            self.speakers_note.setText(
                self.tr("Takes effect with the next recording, or with Analyse again.")
            )

    def _list_models(self) -> None:
        from core.models import folders

        self.models.clear()
        for name in (folders.SHIPPED, *folders.names()):
            text = self.tr("Those that came with Voicelanes")
            self.models.addItem(text if name == folders.SHIPPED else name, name)
        try:
            chosen = folders.chosen_name()
        except VoicelanesError as error:
            chosen = ""
            self.about.setText(str(error))
        self.models.setCurrentIndex(self.models.findData(chosen))
        if chosen:
            self._describe(chosen)

    def _describe(self, name: str) -> None:
        """What a person should know of a set of models, its window and hop among it."""
        from core.models import folders

        try:
            models = folders.load(name)
        except VoicelanesError as error:
            self.about.setText(str(error))
            return
        encoder = models.encoder
        lines = [
            self.tr("A voice print covers {window} s; there is one every {hop} s.").format(
                window=decimal(to_seconds(encoder.window), 2),
                hop=decimal(to_seconds(encoder.hop), 2),
            ),
            self.tr("Licence: {}").format(encoder.licence),
            self.tr("Trained on: {}").format(encoder.trained_on),
            self.tr("Takes effect with the next recording, or with Analyse again."),
        ]
        self.about.setText("\n".join(lines))

    @pyqtSlot()
    def _use_models(self) -> None:
        from core.models import folders

        name = str(self.models.currentData())
        try:
            folders.use(name)
        except VoicelanesError as error:
            self._list_models()
            self.about.setText(str(error))
            return
        self._describe(name)


def _page(*rows: tuple[str, QWidget | QLayout]) -> QWidget:
    """A form; the control of a row is named by its label, for screen readers too."""
    page = QWidget()
    form = QFormLayout(page)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for text, what in rows:
        label = QLabel(text)
        first = what if isinstance(what, QWidget) else None
        if isinstance(what, QLayout):
            parts = (what.itemAt(n).widget() for n in range(what.count()))
            first = next((w for w in parts if w and not isinstance(w, QLabel)), None)
        if text and first is not None:
            label.setBuddy(first)
            first.setAccessibleName(text.replace("&", "").rstrip(":"))
        form.addRow(label, what)
    return page


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(widgets[0], 1)
    for widget in widgets[1:]:
        row.addWidget(widget)
    return row


def _note(text: str) -> QLabel:
    """What a person should know of the control above."""
    note = QLabel(text)
    note.setWordWrap(True)
    note.setTextFormat(Qt.TextFormat.PlainText)
    note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return note
