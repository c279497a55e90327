"""Known voices in the window: recognised after every pass, asked about, and what is answered.

Everything is looked up in a thread, a moment after the last change. What a person said is in the
annotation, as steps that can be undone, and the samples that are kept follow it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, QTimer, pyqtSlot

from app.editing.renaming import rename
from app.voices.tasks import Look, LookResult, look
from app.widgets.notices import Problem, Way
from app.widgets.refusals import told
from core.errors import EditError
from core.voices.naming import Name, Names

if TYPE_CHECKING:
    from app.editing.speakers import SpeakerEditing
    from app.session import Session
    from app.voices.keeping import VoiceKeeping
    from app.widgets.host import Host
    from core.annotation.values import Annotation, Speaker
    from core.voices.book import Voice

PAUSE_MS = 150
"""After a change the voices are compared this much later: many changes come in a row."""


class KnownVoices(QObject):
    """Whose voices the speakers of the session are, and what a person says about that."""

    def __init__(
        self,
        session: Session,
        keeping: VoiceKeeping,
        speakers: SpeakerEditing,
        host: Host,
    ) -> None:
        super().__init__(host.window)
        self.notices = host.notices
        self._session, self.keeping, self._speakers = session, keeping, speakers
        self._window = host.window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._look)
        self._then: list[Callable[[], object]] = []
        self._looking = False
        self._told: set[str] = set()  # keys of what was told of this meeting
        self._told_outdated = False
        self._forget_meeting()
        session.recording_changed.connect(self._forget_meeting)
        session.annotation_changed.connect(self._on_annotation)
        session.loaded.connect(self._on_loaded)
        session.reran.connect(self._on_reran)
        keeping.changed.connect(self.look_again)
        keeping.renewed.connect(self._on_renewed)

    @pyqtSlot()
    def _forget_meeting(self) -> None:
        self._base: Annotation | None = None  # what the book has followed so far
        self._seen: Annotation | None = None  # what was looked at last
        self._taught: set[int] = set()
        self._confirmed: set[int] = set()  # while turns still arrive: taught once they are here
        self._naming = False
        told, self._told = self._told, set()
        for key in told:
            self.notices.withdraw(key)

    # what is known

    @property
    def questions(self) -> dict[int, Name]:
        """By speaker id: is this that voice?"""
        return self._session.names.questions(self._session.annotation)

    def subject(self) -> tuple[Speaker, str] | None:
        """Who Yes and No are about, and which voice: the current speaker, else the first asked."""
        questions, current = self.questions, self._speakers.current
        speakers = self._session.annotation.speakers
        if current is not None:
            if current.confidence is not None:
                return current, current.name
            speakers = (current, *(s for s in speakers if s.id != current.id))
        for speaker in speakers:
            if speaker.id in questions:
                return speaker, _called(questions[speaker.id])
        return next(((s, s.name) for s in speakers if s.confidence is not None), None)

    @property
    def busy(self) -> bool:
        """Whether voices are being compared, or will be in a moment."""
        return self._timer.isActive() or self._looking

    def when_named(self, then: Callable[[], object]) -> None:
        """Do something once the voices of what is open now have been compared."""
        if self.busy:
            self._then.append(then)
        else:
            then()

    # what a person says

    @told
    def yes(self) -> None:
        """The current speaker is the voice that it seems to be."""
        speaker, name = self._wanted()
        self.confirm(speaker.id, name)

    @told
    def no(self) -> None:
        speaker, name = self._wanted()
        self.deny(speaker.id, name)

    def _wanted(self) -> tuple[Speaker, str]:
        subject = self.subject()
        if subject is None:
            raise EditError(self.tr("nobody here is asked about"))
        return subject

    @told
    def confirm(self, speaker: int, name: str) -> None:
        """That speaker is the voice of that name: it is learned from what they say here."""
        session = self._session
        other = next((s for s in session.annotation.speakers if s.name == name), None)
        if other is not None and other.id != speaker:
            rename(self._window, session, speaker, name)  # which offers to merge the two
            return
        voice = self._voice(speaker, name)
        session.confirm(speaker, name)
        if voice is None:
            return
        if session.complete:
            self._teach(voice, speaker)
        else:
            self._confirmed.add(voice)

    @told
    def deny(self, speaker: int, name: str) -> None:
        """It isn't; nor is it asked again in this meeting."""
        self._session.deny(speaker, name)

    def _voice(self, speaker: int, name: str) -> int | None:
        found = self._session.names.by_speaker.get(speaker)
        voice = found.voice if found is not None else None
        return voice.id if voice is not None and voice.name == name else None

    def _teach(self, voice: int, speaker: int) -> None:
        """That speaker's turns are that voice's."""
        self._taught.add(voice)
        self.keeping.teach(voice, speaker)

    def _unteach(self, voice: int) -> None:
        """Nothing here was of that voice."""
        self._taught.discard(voice)
        self.keeping.forget_meeting(voice)

    # looking

    @pyqtSlot()
    def look_again(self) -> None:
        """The voices that are remembered have changed."""
        self._seen = None
        self._on_annotation()

    @pyqtSlot()
    def _on_loaded(self) -> None:
        self._base = self._session.annotation
        self._on_reran()

    @pyqtSlot()
    def _on_reran(self) -> None:
        self._naming = True
        self._seen = None
        self._on_annotation()

    @pyqtSlot()
    def _on_annotation(self) -> None:
        session = self._session
        if session.complete and session.windows and session.annotation is not self._seen:
            self._timer.start()
        elif not session.complete:
            self._timer.stop()

    @pyqtSlot()
    def _look(self) -> None:
        session = self._session
        if not (session.complete and session.windows) or session.path is None:
            self._rest()
            return
        if self._looking:
            self._timer.start()
            return
        self._looking = True
        annotation, before = session.annotation, self._base
        self._seen = annotation
        confirmed, self._confirmed = self._confirmed, set()
        self._taught |= confirmed
        wanted = Look(
            self.keeping.source(),
            annotation,
            before,
            frozenset(self._taught),
            frozenset(confirmed),
            self.keeping.foreign,
        )
        self.keeping.jobs.do(
            partial(look, wanted), partial(self._on_looked, wanted), self._on_look_failed
        )

    def _on_looked(self, wanted: Look, outcome: LookResult | None) -> None:
        self._looking = False
        session = self._session
        if wanted.source.windows is not session.windows:
            self._rest()
            return
        if self._base is wanted.before:
            self._base = wanted.annotation
        if outcome is not None:
            self._taught |= outcome.taught
            self._tell(outcome)
            if outcome.learned:
                self.keeping.changed.emit()
            if session.annotation is not wanted.annotation:
                self._timer.start()  # it goes on
                return
            session.names = outcome.names
            if self._naming:
                after = outcome.names.named(session.annotation)
                if after != session.annotation:
                    self._base = self._seen = after
                    session.name_voices(after)
                    self._base = self._seen = session.annotation
            session.names_changed.emit()
        elif session.names.by_speaker:
            session.names = Names()
            session.names_changed.emit()
        self._naming = False
        self._rest()

    def _on_look_failed(self, error: BaseException) -> None:
        self._looking = self._naming = False
        self.notices.show_error(error)
        self._rest()

    def _rest(self) -> None:
        if not self.busy:
            then, self._then = self._then, []
            for run in then:
                run()

    # what there is to tell

    def _tell(self, outcome: LookResult) -> None:
        for voice, speaker in outcome.renamed:
            self._tell_renamed(voice, speaker)
        for voice in outcome.settled:
            self.notices.withdraw(_key(voice))
        for voice, speaker in outcome.offers:
            text = self.tr("Is this the {} whose voice you remember?").format(voice.name)
            way = Way(self.tr("Yes, learn from it"), partial(self._teach, voice.id, speaker.id))
            self._ask(voice, text, way)
        if outcome.outdated and not self._told_outdated:
            self._told_outdated = True
            names = ", ".join(voice.name for voice in outcome.outdated)
            text = self.tr(
                "{}: another encoder heard the voice, so it isn't recognised now. The samples that"
                " were kept can be heard anew."
            )
            way = Way(self.tr("Hear them anew"), self.keeping.renew)
            self.notices.show_problem(
                Problem(
                    text.format(names),
                    severe=False,
                    ways=(way,),
                    key="voices: outdated",
                    general=True,
                )
            )

    @pyqtSlot()
    def _on_renewed(self) -> None:
        self.notices.withdraw("voices: outdated")
        self._told_outdated = False
        self._naming = True
        self.look_again()

    def _ask(self, voice: Voice, text: str, *ways: Way) -> None:
        """A notice about a voice in this meeting, and in no other."""
        self._told.add(_key(voice))
        self.notices.show_problem(Problem(text, severe=False, ways=ways, key=_key(voice)))

    def _tell_renamed(self, voice: Voice, speaker: Speaker) -> None:
        text = self.tr("{} was the voice of {}.").format(speaker.name, voice.name)

        self._ask(
            voice,
            text,
            Way(
                self.tr("Rename the voice, too"),
                partial(self.keeping.rename, voice.id, speaker.name),
            ),
            Way(self.tr("It is somebody else's"), partial(self._unteach, voice.id)),
        )

    # the end of the window

    def cancel(self) -> None:
        self._timer.stop()
        self._then.clear()

    def join(self, timeout_s: float) -> bool:
        return self.keeping.jobs.join(timeout_s)


def _called(name: Name) -> str:
    return name.voice.name if name.voice is not None else ""


def _key(voice: Voice) -> str:
    return f"voice {voice.id}"
