"""What training's tasks need beside their items, brought to every worker once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from distributed import WorkerPlugin
from distributed.protocol.pickle import dumps, loads

from core.runtime import limit_cores

if TYPE_CHECKING:
    from distributed import Worker


class Toolbox(WorkerPlugin):  # type: ignore[misc]
    """What the tasks of a :class:`core.workers.pool.Workers` need, once for every worker."""

    def __init__(self, name: str, tools: object, cores: int) -> None:
        self.name = name
        self._content, self._cores = dumps(tools), cores

    def setup(self, worker: Worker) -> None:
        limit_cores(self._cores)  # before the tools count what they may take
        _TOOLS[self.name] = loads(self._content)
        self._content = b""  # of this worker's copy

    def teardown(self, worker: Worker) -> None:
        _TOOLS.pop(self.name, None)


_TOOLS: dict[str, Any] = {}
"""What the toolboxes of this process brought."""


def with_tools(name: str, function: Callable[[Any, Any], Any], item: object) -> Any:
    """A function of tools and an item; runs as a task of Dask."""
    return function(_TOOLS[name], item)
