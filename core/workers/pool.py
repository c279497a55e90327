"""One function for many items, in order: in this process, or in those of Dask.

What training does with many recordings goes through here. Without ``[archive]`` it runs in this
process; the results are the same.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from core.errors import InputError, VoicelanesError
from core.workers.cluster import connected, cores_per_task

if TYPE_CHECKING:
    from distributed import Client

Tools = TypeVar("Tools")
Item = TypeVar("Item")
Made = TypeVar("Made")

AHEAD = 4
"""Items for each worker that are begun before their turn."""
RETRIES = 2
"""How often Dask tries again after an error that isn't the recording's; a worker that dies counts
by Dask's own ``allowed-failures`` (3)."""


class Pool(Protocol):
    """Where the work is done."""

    def map(
        self, function: Callable[[Tools, Item], Made], tools: Tools, items: Sequence[Item]
    ) -> Generator[Made, None, None]:
        """``function(tools, item)`` of each item, in order, some of them ahead.

        All of it has to be what :mod:`pickle` (or cloudpickle) takes; ``tools`` travel once to each
        process. Close the generator if not all of it is wanted.
        """
        ...


class Here:
    """Threads of this process; with one, nothing is made ahead of its turn."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads

    def map(
        self, function: Callable[[Tools, Item], Made], tools: Tools, items: Sequence[Item]
    ) -> Generator[Made, None, None]:
        """See :meth:`Pool.map`."""
        if self._threads < 2:
            for item in items:
                yield function(tools, item)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from _in_order(
                lambda item: pool.submit(function, tools, item),
                items,
                AHEAD * self._threads,
            )


class Workers:
    """The workers of a Dask client, those that come later too."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def map(
        self, function: Callable[[Tools, Item], Made], tools: Tools, items: Sequence[Item]
    ) -> Generator[Made, None, None]:
        """See :meth:`Pool.map`.

        Raises
        ------
        InputError
            An item failed again and again; what the function raised of our own errors is raised.
        """
        from core.workers.toolbox import Toolbox, with_tools

        if not items:
            return
        client = self._client
        plugin = Toolbox(f"voicelanes-tools-{secrets.token_hex(8)}", tools, cores_per_task(client))
        client.register_plugin(plugin)

        def submit(item: Item) -> Any:
            key = f"voicelanes-{secrets.token_hex(8)}"
            return client.submit(
                with_tools, plugin.name, function, item, key=key, retries=RETRIES, pure=False
            )

        ahead = AHEAD * max(1, sum(client.nthreads().values()))
        try:
            yield from _in_order(submit, items, ahead)
        except VoicelanesError:
            raise
        except Exception as error:  # of any kind: it was raised elsewhere
            raise InputError(explained(error)) from error
        finally:
            client.unregister_worker_plugin(plugin.name)


def _in_order(
    submit: Callable[[Item], Any], items: Sequence[Item], ahead: int
) -> Generator[Any, None, None]:
    """Results of futures, so many of them begun ahead; those not wanted any more are dropped."""
    waiting: deque[Any] = deque()
    try:
        for item in items:
            waiting.append(submit(item))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def opened(workers: int | None = None, scheduler: str | None = None) -> Iterator[Pool | None]:
    """The workers that were asked for, as :func:`core.workers.cluster.connected` has them; None
    if none were."""
    if not workers and not scheduler:
        yield None
        return
    with connected(workers, scheduler) as client:
        yield Workers(client)


def explained(error: Exception) -> str:
    """What a task raised, and what to do, in a line."""
    if isinstance(error, VoicelanesError):
        return str(error)
    if type(error).__name__ == "KilledWorker":
        return (
            "the processes that worked on it died again and again, perhaps for want of memory:"
            " run again with fewer --workers"
        )
    if isinstance(error, MemoryError):
        return "there was not enough memory: run again with fewer --workers"
    text = " ".join(str(error).split())[:300]
    return f"it failed after {RETRIES + 1} tries ({type(error).__name__}: {text})"
