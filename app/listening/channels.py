"""Channels of different people: told, called after, and mixed where a person wants that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSlot

from app.widgets.notices import Problem, Way

if TYPE_CHECKING:
    from app.listening.listening import Listening
    from app.session import Session
    from app.widgets.host import Host
    from core.annotation.values import Annotation
    from core.pipeline import Result


class ChannelsOfPeople(QObject):
    """Names the lanes after the channels, once it is known whose voices are known."""

    def __init__(
        self,
        session: Session,
        listening: Listening,
        mix: Callable[[Path], None],
        when_named: Callable[[Callable[[], object]], None],
        again: Callable[[], None],
        host: Host,
    ) -> None:
        super().__init__(host.window)
        self._session, self._notices = session, host.notices
        self._mix_of, self._when_named, self._again = mix, when_named, again
        listening.split_told.connect(self._on_split)

    @pyqtSlot(object)
    def _on_split(self, result: Result) -> None:
        path, split = self._session.path, result.split
        if path is None or split is None:
            return
        way = Way(self.tr("Mix the channels"), lambda: self._mix(path))
        text = split.said[:1].upper() + split.said[1:]
        self._notices.show_problem(Problem(text, severe=False, ways=(way,), key="channels"))
        self._when_named(lambda: self._name(path, result))

    def _name(self, path: Path, result: Result) -> None:
        session = self._session
        if session.path == path and session.complete:
            session.name_voices(result.with_lanes(session.annotation))

    @pyqtSlot(object, object, object)
    def name_sides(self, path: Path, found: Annotation, lanes: Mapping[int, str]) -> None:
        """Of a call that was recorded: whoever has no name is called after their side."""

        def name() -> None:
            from core.refine.apart import called_after

            session = self._session
            if session.path == path and session.complete:
                session.name_voices(called_after(session.annotation, found, lanes))

        self._when_named(name)

    def _mix(self, path: Path) -> None:
        if self._session.path == path:
            self._mix_of(path)
            self._again()
