"""All recordings of an archive on the workers of a Dask client, and what comes of each.

>>> with connected(workers=2) as client:  # doctest: +SKIP
...     with Run(client, out, models, Asked("", formats=("rttm",))) as run:
...         there, missing = run.plan(find(["talks"], out))
...         run.submit(missing)
...         while run.waiting:
...             for record in run.finished(timeout=1.0):
...                 print(record.recording.source, record.reason or "done")
"""

from __future__ import annotations

import queue
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from core.archive.finding import Recording
from core.archive.job import RecordingOutcome
from core.archive.results import Record, basis_of, read_record, write
from core.models.manifest import ModelSet
from core.workers.cluster import cores_per_task
from core.workers.pool import RETRIES, explained

if TYPE_CHECKING:
    from distributed import Client, Future

LONG = 1_000_000
"""Bytes from which on a recording may go in parts: some minutes, if it is compressed."""


def plan(
    recordings: Sequence[Recording], out: Path, basis: str
) -> tuple[list[Record], list[Recording]]:
    """What is there already and still holds, and what has to be done.

    Nothing is read but records: a recording whose size and time are as they were is the same.
    One that was reported broken and hasn't changed is not tried again.
    """
    there: list[Record] = []
    missing: list[Recording] = []
    for recording in recordings:
        record = read_record(out, recording)
        if record and record.basis == basis and record.recording.state == recording.state:
            there.append(record)
        else:
            missing.append(recording)
    return there, missing


def known_bytes(out: Path, recording: Recording, basis: str) -> str:
    """SHA-256 of the bytes that there are results of which still hold, "" if there are none."""
    record = read_record(out, recording)
    return record.sha256 if record and record.basis == basis and not record.failed else ""


def kept(out: Path, recording: Recording, outcome: RecordingOutcome, basis: str) -> Record:
    """What came of a recording, written beside the others.

    Raises
    ------
    OutputError
        It can't be written.
    """
    return write(out, recording, outcome, basis, read_record(out, recording))


class Run:
    """A client at work for one archive. Leaving the block drops what isn't finished."""

    def __init__(
        self, client: Client, out: Path, models: ModelSet, asked: Any, cores: int | None = None
    ) -> None:
        from core.archive.worker import PROGRESS, Models

        self._client, self._out, self._topic = client, out, PROGRESS
        plugin = Models(models)
        client.register_plugin(plugin)
        self.basis = basis_of(models, asked)
        self._asked = replace(asked, models=plugin.name, cores=cores or cores_per_task(client))
        self._futures: dict[str, tuple[Future[Any], Recording]] = {}
        self._done: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._fractions: dict[str, dict[int, float]] = {}  # of the tasks for a recording
        client.subscribe_topic(PROGRESS, self._heard)

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.unsubscribe_topic(self._topic)
        futures = [future for future, _ in self._futures.values()]
        if futures:
            self._client.cancel(futures, force=True)
        self._futures.clear()

    @property
    def waiting(self) -> int:
        """How many recordings have no result yet."""
        return len(self._futures)

    @property
    def fractions(self) -> dict[str, float]:
        """How far those are that are worked on, 0..1, by folder; of some it isn't known."""
        return {folder: sum(of.values()) for folder, of in list(self._fractions.items())}

    def submit(self, recordings: Sequence[Recording]) -> None:
        """Put recordings into Dask's queue; the long ones first, and in parts."""
        from core.archive.worker import work

        if not recordings:
            return
        threads = max(1, sum(self._client.nthreads().values()))
        long, others = long_and_others(recordings, threads)
        for recording in long:
            self._submit_parts(recording, threads)
        # Keys of this run only: Dask must not hand out what another run was told.
        keys = [self._key() for _ in others]
        known = [self._known(recording) for recording in others]
        futures = self._client.map(
            work, others, [self._asked] * len(others), known, key=keys, retries=RETRIES, pure=False
        )
        for future, recording in zip(futures, others, strict=True):
            self._await(future, recording)

    def _submit_parts(self, recording: Recording, parts: int) -> None:
        from core.archive.parts import concluding, embedding, listening

        def submit(function: Any, *arguments: Any) -> Future[Any]:
            return self._client.submit(
                function,
                recording,
                self._asked,
                *arguments,
                key=self._key(),
                retries=RETRIES,
                pure=False,
            )

        tasks = parts + 2
        heard = submit(listening, self._known(recording), tasks)
        embedded = [submit(embedding, heard, part, tasks) for part in range(parts)]
        self._await(submit(concluding, heard, embedded), recording)

    @staticmethod
    def _key() -> str:
        return f"voicelanes-{secrets.token_hex(8)}"

    def _await(self, future: Future[Any], recording: Recording) -> None:
        self._futures[future.key] = (future, recording)
        future.add_done_callback(lambda done: self._done.put(done.key))

    def finished(self, timeout: float) -> list[Record]:
        """What finished since the last call, written; waits so many seconds for a first one.

        Raises
        ------
        OutputError
            A result can't be written.
        """
        records: list[Record] = []
        try:
            records.append(self._finish(self._done.get(timeout=timeout)))
            while len(records) < 100:  # so that progress is told between them
                records.append(self._finish(self._done.get_nowait()))
        except queue.Empty:
            pass
        return records

    def _finish(self, key: str) -> Record:
        from core.archive.job import RecordingOutcome

        future, recording = self._futures.pop(key)
        try:
            outcome: RecordingOutcome = future.result()
        except Exception as error:  # of any kind: it was raised elsewhere
            outcome = RecordingOutcome("failed", explained(error), passing=True)
        finally:
            future.release()
            self._fractions.pop(recording.folder, None)
        return kept(self._out, recording, outcome, self.basis)

    def _known(self, recording: Recording) -> str:
        return known_bytes(self._out, recording, self.basis)

    def _heard(self, event: tuple[float, tuple[str, int, int, float | None]]) -> None:
        folder, task, tasks, fraction = event[1]
        if fraction is not None:
            self._fractions.setdefault(folder, {})[task] = fraction / tasks


def long_and_others(
    recordings: Sequence[Recording], workers: int
) -> tuple[list[Recording], list[Recording]]:
    """Those that are done in parts by several workers, the longest first, and the others.

    In parts goes what is long, and more than a worker's fair share of all: it would be worked on
    when everything else is done.
    """
    share = sum(recording.size for recording in recordings) / workers
    long = [r for r in recordings if workers > 1 and r.size >= LONG and r.size > share]
    others = [r for r in recordings if r not in long]
    return sorted(long, key=lambda r: -r.size), others
