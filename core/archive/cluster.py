"""Processes for the work: some on this machine, or those of a Dask scheduler that runs already."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from ..errors import InputError
from ..extras import MODULES, absent, missing_extra
from ..folders import temporary_folder
from ..runtime import cores

if TYPE_CHECKING:
    from distributed import Client, Scheduler, Worker

CONNECT_S = 20
"""How long a scheduler may take to answer."""


def require() -> None:
    """Make sure that what this package runs on is there, without loading it.

    Raises
    ------
    MissingExtraError
        ``[archive]`` isn't installed.
    """
    missing = absent(*MODULES["archive"])
    if missing:
        what = "folders of recordings need an optional part of Voicelanes"
        raise missing_extra("archive", f"{what} ({', '.join(missing)})")


@contextmanager
def connected(workers: int | None = None, scheduler: str | None = None) -> Iterator[Client]:
    """A client of the scheduler at an address such as ``tcp://host:8786``, or of processes here.

    Parameters
    ----------
    workers
        Processes on this machine; by default as many as it has cores. They listen on the loopback
        interface only, to nobody but each other, and end with the block, whatever they are doing.
    scheduler
        Whoever reaches one over ``tcp://`` can run programs as its workers. For one over ``tls://``
        the certificates are those of Dask's own settings (``distributed.comm.tls``).

    Raises
    ------
    MissingExtraError
        ``[archive]`` isn't installed.
    InputError
        The scheduler doesn't answer, or not to these certificates.
    """
    require()
    from distributed import Client, LocalCluster
    from distributed.security import Security

    # Dask logs each worker that goes and comes; what it means for a recording is told by us.
    for name in ("distributed", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        if scheduler:
            try:
                client = stack.enter_context(Client(scheduler, timeout=CONNECT_S))
            except (OSError, TypeError, ValueError) as error:  # a TypeError: no certificates
                check = "address"
                if scheduler.startswith("tls:"):
                    check += " and the certificates in Dask's settings (distributed.comm.tls)"
                raise InputError(
                    f"no Dask scheduler answers at {scheduler}: start it by 'dask scheduler', or"
                    f" check the {check}"
                ) from error
        else:
            # Of its own: Dask's shared one is tidied by whoever starts workers next.
            folder = str(stack.enter_context(temporary_folder()))
            cluster = stack.enter_context(
                LocalCluster(
                    host="127.0.0.1",
                    # What comes over a connection is run, and every user of this machine reaches
                    # its loopback: it is taken from nobody who hasn't the key made just now.
                    security=Security.temporary(),
                    n_workers=workers or cores(),
                    threads_per_worker=1,
                    processes=True,
                    local_directory=folder,
                    scheduler_kwargs={
                        "dashboard": False,
                        "dashboard_address": "127.0.0.1:0",
                        "preload": [__name__],
                        "local_directory": folder,
                    },
                    env={"TMPDIR": folder},  # a worker that is killed leaves nothing behind
                    silence_logs=logging.CRITICAL,
                    preload=[__name__],
                )
            )
            client = stack.enter_context(Client(cluster))
        yield client


def dask_setup(node: Scheduler | Worker) -> None:
    """Called by Dask in the scheduler and in each process of ours, once it listens."""
    # Dask opens a port for its web pages also where nobody wants them, and anybody may read them.
    node.http_server.stop()
    # Ctrl+C in a terminal reaches all processes, but it is the one that runs the archive that ends
    # the others.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def cores_per_task(client: Client) -> int:
    """How many cores one recording may take, so that those of one machine share its cores."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    threads: dict[str, int] = {}
    for worker in workers:
        threads[worker["host"]] = threads.get(worker["host"], 0) + int(worker["nthreads"])
    return max(1, cores() // max(threads.values(), default=1))
