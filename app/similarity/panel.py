"""The map of the voices as a panel: the map, what can be done with chosen points, the distances."""

from __future__ import annotations

from functools import partial

from PyQt5.QtCore import QPoint, QSize, Qt, QTimer, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QShowEvent
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.session import Session
from app.similarity.map import VoiceMap
from app.similarity.matrix import DistanceMatrix
from app.similarity.pairs import Pairs, entry, new_menu
from app.style.wording import called
from app.widgets.host import Host
from app.widgets.refusals import told
from app.widgets.tables import panel_width
from app.widgets.workers import Task
from core.annotation import edits
from core.annotation.values import Turn
from core.errors import EditError
from core.similarity.meeting import NOBODY, Picture, Similarity

PAUSE_MS = 40
"""After an edit the picture waits so long for the next one."""


class SimilarityPanel(QWidget):
    """The voices of the open meeting; computed while the panel is on the screen, in a worker."""

    heard = pyqtSignal(object, object)
    """Play this stretch, a Turn of nobody in particular; it is in that Turn of the annotation, or
    None."""
    picked = pyqtSignal(int)
    """The person went to the speaker with this id."""
    action_wanted = pyqtSignal(str)
    """The id of an action of the window."""

    def __init__(self, session: Session, host: Host) -> None:
        super().__init__()
        self._session, self._run, self.notices = session, host.run, host.notices
        self._similarity: Similarity | None = None
        self.picture: Picture | None = None
        """What is shown; None while there is nothing to compare."""
        self._task: Task | None = None
        self._tried: object = None  # the turns of the last picture that was asked for
        self._broken = False
        self.map = self.view = VoiceMap()
        self.matrix = DistanceMatrix()
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.listen = QPushButton(self.tr("Analyse again"))
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setMinimumHeight(2 * self.fontMetrics().lineSpacing())  # so that the map stays
        self.give = QPushButton(self.tr("Give to…"))
        for button in (self.listen, self.give):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAutoDefault(True)  # Enter presses it; Space plays
        self._pages = QStackedWidget()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._compute)
        self.listen.clicked.connect(lambda: self.action_wanted.emit("listen_again"))
        self.give.clicked.connect(self._offer_below)
        self.map.heard.connect(self._hear)
        self.map.chosen_changed.connect(self._say_chosen)
        self.map.menu_wanted.connect(self._offer)
        self.map.give_wanted.connect(self._give_number)
        self._pairs = Pairs(session, self.matrix, self.map, host.notices, self)
        self._pairs.picked.connect(self.picked)
        self._pairs.action_wanted.connect(self.action_wanted)
        session.annotation_changed.connect(self._on_change)
        session.recording_changed.connect(self._on_recording)
        self._on_recording()

    def sizeHint(self) -> QSize:
        return QSize(panel_width(self.fontMetrics()), 560)

    def _lay_out(self) -> None:
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.addStretch(1)
        column.addWidget(self.hint)
        column.addWidget(self.listen, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        voices = QWidget()
        column = QVBoxLayout(voices)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.map, 1)
        row = QHBoxLayout()
        self.told.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self.told, 1)
        row.addWidget(self.give)
        column.addLayout(row)
        title = QLabel(self.tr("How alike the voices are (100 %: the same)"))
        title.setWordWrap(True)
        title.setBuddy(self.matrix)
        column.addWidget(title)
        column.addWidget(self.matrix)
        self._pages.addWidget(empty)
        self._pages.addWidget(voices)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(6, 6, 6, 6)
        outer.addWidget(self._pages)

    # what there is to be seen

    @pyqtSlot()
    def _on_recording(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._similarity = self.picture = self._tried = None
        self.map.clear()
        self._on_change()

    @pyqtSlot()
    def _on_change(self) -> None:
        windows = self._session.windows
        if self._similarity is not None and windows is not self._similarity.windows:
            self._similarity = self.picture = None
            self.map.clear()
        self._show_page()
        self._timer.start()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._timer.start()

    def _show_page(self) -> None:
        """The map, or in words why there is none."""
        session, hint, anew = self._session, "", False
        if not session.complete:
            hint = self.tr("The map of the voices is drawn once the whole recording was heard.")
        elif not session.windows:
            anew = True
            hint = self.tr(
                "No voice prints are kept with this meeting, so there is no map of its voices."
                " Analyse again to get them; what you corrected stays."
            )
        elif self._broken:
            hint = self.tr("The voices could not be compared: the notice below says why.")
        elif self.picture is None:
            hint = self.tr("Comparing the voices…")
        self.hint.setText(hint)
        self.listen.setVisible(anew)
        self._pages.setCurrentIndex(0 if hint else 1)
        self._say_chosen()

    @pyqtSlot()
    def _compute(self) -> None:
        """A picture of the turns as they are now; one at a time, only the newest counts."""
        session, ready = self._session, self._similarity
        windows, annotation = session.windows, session.annotation
        known = session.complete and len(windows) > 0
        if not known or not self.isVisible() or self._task or annotation is self._tried:
            return
        self._tried = annotation

        def work() -> tuple[Similarity, Picture]:
            similarity = ready or Similarity(windows, task.stopping)
            return similarity, similarity.picture(annotation)

        task = self._task = Task("similarity", work)
        task.done.connect(self._on_computed)
        task.failed.connect(self._on_failed)
        task.ended.connect(self._on_ended)
        self._run(task)

    @pyqtSlot(object)
    def _on_computed(self, found: tuple[Similarity, Picture]) -> None:
        similarity, picture = found
        if similarity.windows is self._session.windows and self._session.complete:
            self._similarity, self.picture, self._broken = similarity, picture, False
            self.map.show_picture(similarity, picture)
            self.matrix.distances.show(picture.annotation.speakers, picture.distances)
            self._show_page()

    @pyqtSlot()
    def _on_failed(self) -> None:
        self._broken = True
        self._show_page()

    @pyqtSlot()
    def _on_ended(self) -> None:
        self._task = None
        self._timer.start()

    # points

    @pyqtSlot()
    def _say_chosen(self) -> None:
        picture, chosen = self.picture, self.map.chosen
        known = [] if picture is None else [i for i in chosen if picture.labels[i] != NOBODY]
        self.give.setEnabled(bool(known))
        if picture is None or not chosen:
            self.told.setText(
                self.tr("Click a point to hear it, drag around points to choose them")
            )
            return
        labels = [int(picture.labels[i]) for i in known]
        parts = [
            self.tr("{} of {}").format(count, called(s))
            for s in picture.annotation.speakers
            if (count := labels.count(s.id))
        ]
        if others := len(chosen) - len(known):
            parts.append(self.tr("{} of nobody, or of several").format(others))
        self.told.setText(self.tr("Chosen: {}").format(", ".join(parts)))

    @pyqtSlot(int)
    def _hear(self, index: int) -> None:
        similarity, picture = self._similarity, self.picture
        if similarity is None or picture is None:
            return
        window, speaker = similarity.windows[index], int(picture.labels[index])
        turns = self._session.annotation.turns
        there = (t for t in turns if t.speaker == speaker and t.start <= window.centre < t.end)
        end = min(window.end, self._session.duration)
        if window.start < end:
            self.heard.emit(Turn(window.start, end, max(speaker, 0)), next(there, None))

    @pyqtSlot(QPoint)
    def _offer(self, where: QPoint) -> None:
        """To whom the chosen points can be given."""
        menu = new_menu(self, "points")
        menu.addAction(self.tr("Give the chosen points to")).setEnabled(False)
        for n, speaker in enumerate(self._session.annotation.speakers, 1):
            entry(menu, speaker, "{}", n).triggered.connect(partial(self._run_give, n))
        menu.addAction(self.tr("&0  New speaker")).triggered.connect(partial(self._run_give, 0))
        if not self.give.isEnabled():
            for action in menu.actions():
                action.setEnabled(False)
        menu.addSeparator()
        menu.addAction(self.tr("Choose &none")).triggered.connect(lambda: self.map.choose(()))
        menu.popup(where)

    def _offer_below(self) -> None:
        self._offer(self.give.mapToGlobal(self.give.rect().bottomLeft()))

    def _run_give(self, number: int, _checked: bool) -> None:
        self._give_number(number)

    @pyqtSlot(int)
    @told
    def _give_number(self, number: int) -> None:
        """The chosen points, and the time that they stand for, to the speaker in a lane; 0: new."""
        annotation, similarity, picture = self._session.annotation, self._similarity, self.picture
        if similarity is None or picture is None:
            return
        if number > len(annotation.speakers):
            raise EditError(self.tr("there is no speaker {}: press 0 to add one").format(number))
        if picture.annotation is not annotation:  # an edit came in between
            picture = similarity.picture(annotation)
        parts = similarity.parts(picture, self.map.chosen)
        if not parts:
            raise EditError(
                self.tr("where these points are nobody speaks, or several do: choose others")
            )
        if number:
            speaker = annotation.speakers[number - 1].id
        else:
            annotation, speaker = edits.new_speaker(annotation)
        after = edits.reassign_parts(annotation, parts, speaker)
        if after is not annotation:
            self._session.edit(self.tr("Reassign points"), after)
        if self.give.hasFocus():  # it is of no use any more
            self.map.setFocus()
        self.map.choose(())
