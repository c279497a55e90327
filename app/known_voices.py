"""Known voices in the window: recognised after every pass, asked about, remembered, learned from.

Everything is looked up in a thread, a moment after the last change. What a person said is in the
annotation, as steps that can be undone; what was remembered lies in the book (:mod:`core.voices`)
and follows the corrections.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import QWidget

from core.errors import EditError
from core.naming import Name, Names

from .jobs import Jobs
from .notices import Problem, Way
from .refusals import told
from .renaming import rename
from .voice_looks import Look, Outcome, look, remember, teach, test

if TYPE_CHECKING:
    from core.annotation import Annotation, Speaker
    from core.learning import Source
    from core.voices import Voice

    from .meetings import Meetings
    from .session import Session
    from .speaker_editing import SpeakerEditing

PAUSE_MS = 150
"""After a change the voices are compared this much later: many changes come in a row."""


@dataclass(frozen=True)
class Remembering:
    """What "Remember this voice" is about."""

    speaker: Speaker
    names: tuple[str, ...]
    """Of the voices that are remembered already."""


class KnownVoices(QObject):
    """Whose voices the speakers of the session are, and what a person says about that."""

    noticed = pyqtSignal(object)
    """A Problem: something to know."""
    withdrawn = pyqtSignal(str)
    """The key of a Problem that is no longer so."""
    failed = pyqtSignal(object)
    book_changed = pyqtSignal()
    """Voices were remembered, learned or deleted."""
    asked = pyqtSignal(object)
    """A person wants to remember a voice: a :class:`Remembering`."""

    def __init__(
        self,
        session: Session,
        meetings: Meetings,
        speakers: SpeakerEditing,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._meetings, self._speakers = session, meetings, speakers
        self._window = window
        self.jobs = Jobs(self)
        """In which the voices are read and written, one thing after the other."""
        self.jobs.failed.connect(self._on_failed)
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

    @pyqtSlot()
    def _forget_meeting(self) -> None:
        self._base: Annotation | None = None  # what the book has followed so far
        self._seen: Annotation | None = None  # what was looked at last
        self._taught: set[int] = set()
        self._confirmed: set[int] = set()  # while turns still arrive: taught once they are here
        self._naming = False
        told, self._told = self._told, set()
        for key in told:
            self.withdrawn.emit(key)

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

    def test(self) -> Callable[[], list[str]] | None:
        """Says line by line who of the voices speaks here, for a thread; None if nothing is open
        that could be compared."""
        session = self._session
        if not (session.complete and session.windows) or self._meetings.heard_by_others:
            return None
        return partial(test, session.annotation, session.windows)

    def when_named(self, then: Callable[[], object]) -> None:
        """Do something once the voices of what is open now have been compared."""
        if self._timer.isActive() or self._looking:
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

    @told
    def remember(self) -> None:
        """Ask what the current speaker is called, and whether to remember the voice."""
        speaker = self._speakers.current
        if speaker is None:
            raise EditError(self.tr("there are no speakers yet"))
        self._check_source()

        def names() -> tuple[str, ...]:
            from core.voices import VoiceBook

            return tuple(voice.name for voice in VoiceBook().voices())

        self.jobs.do(names, lambda found: self.asked.emit(Remembering(speaker, found)))

    @told
    def remember_as(self, speaker: int, name: str) -> None:
        """A person agreed: keep that speaker's voice under this name."""
        session = self._session
        self._check_source()
        name = " ".join(name.split())
        before = session.annotation.speaker(speaker)
        if before.name != name:
            session.rename(speaker, name)  # an EditError if somebody else is called so
        elif before.confidence is not None:
            session.confirm(speaker, name)
        self._base = session.annotation
        self._timer.stop()
        source = self._source()

        def done(voice: Voice) -> None:
            self._taught.add(voice.id)
            self._changed()
            text = self.tr("The voice of {} is remembered (samples: {}); it stays on this computer")
            way = Way(self.tr("Forget it again"), partial(self._forget, voice.id))
            self.noticed.emit(
                Problem(
                    text.format(voice.name, voice.samples),
                    severe=False,
                    ways=(way,),
                    key="voices: remembered",
                )
            )

        self.jobs.do(partial(remember, name, source, session.annotation, speaker), done)

    def _check_source(self) -> None:
        if not self._session.windows:
            raise EditError(
                self.tr("the voice prints of this recording are not here: listen again (F5) first")
            )
        if self._meetings.heard_by_others:
            raise EditError(
                self.tr("other models heard this meeting than those in use: listen again (F5)")
            )

    def _teach(self, voice: int, speaker: int) -> None:
        """That speaker's turns are that voice's."""
        self._taught.add(voice)
        if not self._session.windows or self._meetings.heard_by_others:
            return
        annotation = self._base = self._session.annotation
        source = self._source()
        self.jobs.do(partial(teach, voice, source, annotation, speaker), self._on_taught)

    def _on_taught(self, samples: int) -> None:
        if samples:
            self._changed()

    def _forget(self, voice: int) -> None:
        def forget() -> None:
            from core.voices import VoiceBook

            VoiceBook().forget(voice)

        self.jobs.do(forget, lambda _done: self._changed())

    def _source(self) -> Source:
        from core.learning import Source

        path, session = self._session.path, self._session
        assert path is not None
        file = self._meetings.path
        aliases = (str(file.absolute()),) if file is not None else ()
        recording = path.absolute()
        audio = recording if recording.exists() else None
        encoder = self._meetings.encoder
        return Source(session.windows, encoder, str(recording), aliases, audio)

    def clip_of(self, voice: int, play: Callable[[Any], None]) -> None:
        """Give the longest sound that is kept of a voice to ``play``."""

        def read() -> Any:
            from core.voices import VoiceBook

            clips = [sample.clip for sample in VoiceBook().samples(voice)]
            return max(clips, key=len, default=())

        def done(clip: Any) -> None:
            if len(clip):
                play(clip)
            else:
                self.noticed.emit(Problem(self.tr("No sound of this voice was kept"), severe=False))

        self.jobs.do(read, done)

    # looking

    def look_again(self) -> None:
        """The voices that are remembered have changed."""
        self._seen = None
        self._on_annotation()

    def _changed(self) -> None:
        self.book_changed.emit()
        self.look_again()

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
            self._source(),
            annotation,
            before,
            frozenset(self._taught),
            frozenset(confirmed),
            self._meetings.heard_by_others,
        )
        self.jobs.do(partial(look, wanted), partial(self._on_looked, wanted), self._on_look_failed)

    def _on_looked(self, wanted: Look, outcome: Outcome | None) -> None:
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
                self.book_changed.emit()
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
        self._on_failed(error)
        self._rest()

    def _rest(self) -> None:
        if not (self._timer.isActive() or self._looking):
            then, self._then = self._then, []
            for run in then:
                run()

    @pyqtSlot(object)
    def _on_failed(self, error: BaseException) -> None:
        self.failed.emit(error)

    # what there is to tell

    def _tell(self, outcome: Outcome) -> None:
        for voice, speaker in outcome.renamed:
            self._tell_renamed(voice, speaker)
        for voice in outcome.settled:
            self.withdrawn.emit(_key(voice))
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
            way = Way(self.tr("Hear them anew"), self.renew)
            self.noticed.emit(
                Problem(text.format(names), severe=False, ways=(way,), key="voices: outdated")
            )

    def _ask(self, voice: Voice, text: str, *ways: Way) -> None:
        """A notice about a voice in this meeting, and in no other."""
        self._told.add(_key(voice))
        self.noticed.emit(Problem(text, severe=False, ways=ways, key=_key(voice)))

    def _tell_renamed(self, voice: Voice, speaker: Speaker) -> None:
        text = self.tr("{} was the voice of {}.").format(speaker.name, voice.name)

        def renamed() -> None:
            def run() -> None:
                from core.voices import VoiceBook

                VoiceBook().rename(voice.id, speaker.name)

            self.jobs.do(run, lambda _done: self._changed())

        def another() -> None:
            source = self._source()

            def run() -> None:
                from core.voices import VoiceBook

                book = VoiceBook()
                book.forget_samples([p.sample for p in book.places(voice.id, source.meetings)])

            self._taught.discard(voice.id)
            self.jobs.do(run, lambda _done: self._changed())

        self._ask(
            voice,
            text,
            Way(self.tr("Rename the voice, too"), renamed),
            Way(self.tr("It is somebody else's"), another),
        )

    def renew(self) -> None:
        """Let the models in use hear the kept samples of voices that others heard."""
        from .voice_looks import renew

        def done(result: tuple[int, list[Any]]) -> None:
            count, without = result
            self.withdrawn.emit("voices: outdated")
            self._told_outdated = False
            self._naming = True
            self._changed()
            message = self.tr("Voices that can be recognised again: {}").format(count)
            if without:
                names = ", ".join(voice.name for voice in without)
                message += self.tr(
                    "; of {} no sample is long enough: remember the voice anew"
                ).format(names)
            self.noticed.emit(Problem(message, severe=False))

        self.jobs.do(renew, done)

    # the end of the window

    def cancel(self) -> None:
        self._timer.stop()
        self._then.clear()

    def join(self, timeout_s: float) -> bool:
        return self.jobs.join(timeout_s)


def _called(name: Name) -> str:
    return name.voice.name if name.voice is not None else ""


def _key(voice: Voice) -> str:
    return f"voice {voice.id}"
