"""A walk through the doubtful turns: each is played and asked about, and what is said is learnt."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt5.QtCore import QEvent, QObject, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.editing.turns import Editing
from app.style.marks import percent
from app.style.wording import called
from app.widgets.refusals import told
from core.annotation import edits
from core.annotation.values import Turn
from core.errors import EditError
from core.units import clock

if TYPE_CHECKING:
    from app.playback.scene import Scene
    from app.widgets.host import Host


class Walk(QFrame):
    """The strip below the lanes that asks; away while nobody walks.

    Enter says that the speaker is right, a number gives the turn to somebody else, D leaves it.
    """

    learn_wanted = pyqtSignal()
    """Let a second pass heed what was said."""

    def __init__(self, scene: Scene, editing: Editing, host: Host) -> None:
        super().__init__()
        self.notices = host.notices
        self._session, self._transport, self._editing = scene.session, scene.transport, editing
        self._timeline, self._player = scene.timeline, scene.player
        self._turn: Turn | None = None
        self._seen: set[Turn] = set()
        self._answered = 0
        self.setObjectName("walk")
        self.setAccessibleName(self.tr("Review"))
        self.setStyleSheet(
            "QFrame#walk { background: palette(base); border-left: 6px solid #0072B2 }"
        )
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.hear = self._button("walk_hear", self.tr("Hear it again"), self.play)
        self.right = self._button("walk_right", self.tr("Right (Enter)"), self.confirm)
        self.next = self._button("walk_next", self.tr("Leave it (D)"), self.go_on)
        self.learn = self._button("walk_learn", self.tr("Learn from this"), self._learn)
        self.learn.setToolTip(
            self.tr("A second pass over all voices heeds what you said; Ctrl+Z takes it back")
        )
        self.end = self._button("walk_end", self.tr("End"), self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 6, 3)
        row.addWidget(self.text, 1)
        for button in (self.hear, self.right, self.next, self.learn, self.end):
            row.addWidget(button)
        scene.session.annotation_changed.connect(self._on_annotation)
        scene.session.recording_changed.connect(self.stop)
        self.hide()

    def _button(self, name: str, text: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoDefault(True)
        button.clicked.connect(lambda _on: run())
        return button

    @told
    def start(self) -> None:
        """Begin at the playhead; from the top where nothing doubtful comes after it."""
        if not self._editing.doubts.doubtful():
            raise EditError(self.tr("it is sure who speaks in every turn, or you have said so"))
        self._seen.clear()
        self._answered = 0
        self.show()
        self._to(self._next_of(self._player.position))

    @pyqtSlot()
    def stop(self) -> None:
        """No more questions; the turns stay as they are now."""
        self._turn = None
        self.hide()

    @pyqtSlot()
    def play(self) -> None:
        """The turn that is asked about."""
        if self._turn is not None:
            self._transport.play_once(self._turn)

    @pyqtSlot()
    @told
    def confirm(self) -> None:
        """The speaker is right: nothing but a person changes that turn from now on."""
        turn = self._turn
        if turn is not None and edits.present(self._session.annotation, [turn]):
            after = edits.reassign(self._session.annotation, [turn], turn.speaker)
            self._session.edit(self.tr("Confirm speaker"), after)

    @pyqtSlot()
    def go_on(self) -> None:
        """Leave this one as it is."""
        turn = self._turn
        if turn is not None:
            self._seen.add(turn)
            self._to(self._next_of(turn.start))

    def _left(self) -> list[Turn]:
        return [turn for turn in self._editing.doubts.doubtful() if turn not in self._seen]

    def _next_of(self, at: int) -> Turn | None:
        left = self._left()
        return next((turn for turn in left if turn.start >= at), left[0] if left else None)

    def _to(self, turn: Turn | None) -> None:
        self._turn = turn
        asked = turn is not None
        for button in (self.hear, self.right, self.next):
            button.setVisible(asked)
        self.learn.setVisible(self._answered > 0 and bool(self._session.windows))
        if turn is None:
            done = self.tr("All doubtful turns have been looked at.")
            self.text.setText(done)
            self.setAccessibleDescription(done)
            return
        sure = self._editing.doubts.confidence(turn)
        speaker = self._session.annotation.speaker(turn.speaker)
        text = self.tr(
            "Is this {}? {}, {} sure. Enter if so, else the number of who it is. {} left."
        )
        text = text.format(
            called(speaker),
            clock(turn.start, hours=True),
            percent(sure if sure is not None else 0.0),
            len(self._left()),
        )
        self.text.setText(text)
        self.setAccessibleDescription(text)
        self._transport.go_to(turn)
        self._timeline.setFocus()
        self._transport.play_once(turn)

    @pyqtSlot()
    def _on_annotation(self) -> None:
        """The turn that is asked about was confirmed or given away: on to the next."""
        turn = self._turn
        if turn is None or not self.isVisible():
            return
        annotation = self._session.annotation
        if not edits.present(annotation, [turn]) or annotation.is_edited(turn):
            self._answered += 1
            self._to(self._next_of(turn.start))

    @pyqtSlot()
    def _learn(self) -> None:
        self.stop()
        self.learn_wanted.emit()

    def watch(self, widget: QWidget) -> None:
        """While it asks, Enter there says that the speaker is right, and D goes on."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and self._turn is not None and self.isVisible():
            enter = event.key() in (int(Qt.Key.Key_Return), int(Qt.Key.Key_Enter))
            leave = event.key() == Qt.Key.Key_D and not event.modifiers()
            if enter or leave:
                if event.type() == QEvent.Type.ShortcutOverride:
                    event.accept()
                    return True
                if event.type() == QEvent.Type.KeyPress:
                    (self.confirm if enter else self.go_on)()
                    return True
        return bool(super().eventFilter(watched, event))
