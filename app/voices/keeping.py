"""The voices that are kept, as the window has them: remembered, learned, heard anew, forgotten.

All of it happens in a thread, one thing after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QObject, pyqtSignal

from app.voices.tasks import remember, renew, teach, test
from app.widgets.jobs import Jobs
from app.widgets.notices import Problem, Way
from app.widgets.refusals import told
from core.errors import EditError

if TYPE_CHECKING:
    from app.editing.speakers import SpeakerEditing
    from app.meetings.meetings import Meetings
    from app.session import Session
    from app.widgets.host import Host
    from core.annotation.values import Speaker
    from core.voices.book import Voice, VoiceBook
    from core.voices.learning import SourceMeeting


@dataclass(frozen=True)
class Remembering:
    """What "Remember this voice" is about."""

    speaker: Speaker
    names: tuple[str, ...]
    """Of the voices that are remembered already."""


class VoiceKeeping(QObject):
    """What a person does to the book of voices, mostly from the open meeting."""

    changed = pyqtSignal()
    """Voices were remembered, learned, renamed or deleted."""
    renewed = pyqtSignal()
    """The encoder in use has heard the kept samples."""
    asked = pyqtSignal(object)
    """A person wants to remember a voice: a :class:`Remembering`."""

    def __init__(
        self,
        session: Session,
        meetings: Meetings,
        speakers: SpeakerEditing,
        host: Host,
    ) -> None:
        super().__init__(host.window)
        self.notices = host.notices
        self._session, self._meetings, self._speakers = session, meetings, speakers
        self.jobs = Jobs(self)
        """In which the voices are read and written."""
        self.jobs.failed.connect(self.notices.show_error)

    # the open meeting

    @property
    def foreign(self) -> bool:
        """Whether another encoder than the one in use heard it: nothing can be compared."""
        return self._meetings.heard_by_others

    def source(self) -> SourceMeeting:
        """The open meeting, to learn from."""
        from core.voices.learning import SourceMeeting

        path, session = self._session.path, self._session
        assert path is not None
        file = self._meetings.path
        aliases = (str(file.absolute()),) if file is not None else ()
        recording = path.absolute()
        audio = recording if recording.exists() else None
        encoder = self._meetings.encoder
        return SourceMeeting(
            session.windows, encoder, str(recording), aliases, audio, session.track
        )

    def _check_source(self) -> None:
        if not self._session.windows:
            raise EditError(
                self.tr("the voice prints of this recording are not here: analyse again (F5) first")
            )
        if self.foreign:
            raise EditError(
                self.tr("other models heard this meeting than those in use: analyse again (F5)")
            )

    def test(self) -> Callable[[], list[str]] | None:
        """Says line by line who of the voices speaks here, for a thread; None if nothing is open
        that could be compared."""
        session = self._session
        if not (session.complete and session.windows) or self.foreign:
            return None
        return partial(test, session.annotation, session.windows)

    # what a person asks for

    @told
    def remember(self) -> None:
        """Ask what the current speaker is called, and whether to remember the voice."""
        speaker = self._speakers.current
        if speaker is None:
            raise EditError(self.tr("there are no speakers yet"))
        self._check_source()

        def names() -> tuple[str, ...]:
            from core.voices.book import VoiceBook

            return tuple(voice.name for voice in VoiceBook().voices())

        def ask(found: tuple[str, ...]) -> None:
            if speaker in self._session.annotation.speakers:
                self.asked.emit(Remembering(speaker, found))

        self.jobs.do(names, ask)

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
        source = self.source()

        def done(voice: Voice) -> None:
            self.changed.emit()
            text = self.tr("The voice of {} is remembered (samples: {}); it stays on this computer")
            way = Way(self.tr("Forget it again"), partial(self.forget, voice.id))
            self.notices.show_problem(
                Problem(
                    text.format(voice.name, voice.samples),
                    severe=False,
                    ways=(way,),
                    key="voices: remembered",
                )
            )

        self.jobs.do(partial(remember, name, source, session.annotation, speaker), done)

    def teach(self, voice: int, speaker: int) -> None:
        """That speaker's turns are that voice's."""
        if not self._session.windows or self.foreign:
            return
        annotation = self._session.annotation
        source = self.source()
        self.jobs.do(partial(teach, voice, source, annotation, speaker), self._on_taught)

    def _on_taught(self, samples: int) -> None:
        if samples:
            self.changed.emit()

    def forget(self, voice: int) -> None:
        """Delete a voice for good."""
        self._change(lambda book: book.forget(voice))

    def forget_meeting(self, voice: int) -> None:
        """Delete all that a voice has from the open meeting: it was somebody else's."""
        meetings = self.source().meetings
        self._change(
            lambda book: book.forget_samples([p.sample for p in book.places(voice, meetings)])
        )

    def rename(self, voice: int, name: str) -> None:
        """Another name for a voice."""
        self._change(lambda book: book.rename(voice, name))

    def _change(self, how: Callable[[VoiceBook], object]) -> None:
        def run() -> None:
            from core.voices.book import VoiceBook

            how(VoiceBook())

        self.jobs.do(run, lambda _done: self.changed.emit())

    def clip_of(self, voice: int, play: Callable[[Any], None]) -> None:
        """Give the longest sound that is kept of a voice to ``play``."""

        def read() -> Any:
            from core.voices.book import VoiceBook

            clips = [sample.clip for sample in VoiceBook().samples(voice)]
            return max(clips, key=len, default=())

        def done(clip: Any) -> None:
            if len(clip):
                play(clip)
            else:
                self.notices.tell(self.tr("No sound of this voice was kept"))

        self.jobs.do(read, done)

    def renew(self) -> None:
        """Let the models in use hear the kept samples of voices that others heard."""

        def done(result: tuple[int, list[Any]]) -> None:
            count, without = result
            self.changed.emit()
            self.renewed.emit()
            message = self.tr("Voices that can be recognised again: {}").format(count)
            if without:
                names = ", ".join(voice.name for voice in without)
                message += self.tr(
                    "; of {} no sample is long enough: remember the voice anew"
                ).format(names)
            self.notices.tell(message)

        self.jobs.do(renew, done)
