"""What native threads a process has, when it is to end, and how onnxruntime runs: set up here."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.errors import ModelError

if TYPE_CHECKING:
    import onnxruntime


ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Signals that tell a program to end: Ctrl+C, the end of the session, a terminal that closes."""


def cores() -> int:
    """Processors that this process may use; a container may allow fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        there = max(1, len(os.sched_getaffinity(0)))
    else:
        there = os.cpu_count() or 1
    return min(there, _allowed) if _allowed else there


_allowed = 0


def limit_cores(count: int) -> None:
    """Let this process take at most so many: others of ours work beside it. 0 for all."""
    global _allowed
    _allowed = count


def session(model: bytes, threads: int | None = None) -> onnxruntime.InferenceSession:
    """An onnxruntime session on the CPU.

    Parameters
    ----------
    model
        The ONNX file's bytes, already verified
        (:meth:`core.models.manifest.ModelSet.verified`).
    threads
        Of one call; None is one per core. Sessions whose calls run side by side take 1.

    Raises
    ------
    ModelError
        onnxruntime doesn't accept the model.
    """
    import onnxruntime  # 0.1 s: the window is on the screen before it is needed

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or cores()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Idle threads that spin would take the processor from the window.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no base but this one
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(
            f"onnxruntime can't load the model ({reason}): update onnxruntime"
        ) from error


@functools.cache
def single_blas_thread() -> None:
    """Give numpy's BLAS one thread in this process, from the first call on.

    The decoder multiplies matrices so small that handing halves to a second thread costs more
    than it saves, and twenty times more when another program wants that core (measured). It also
    makes sums independent of the number of cores.
    """
    import threadpoolctl  # type: ignore[import-untyped]

    threadpoolctl.threadpool_limits(limits=1, user_api="blas")


@contextmanager
def single_torch_thread() -> Iterator[None]:
    """One thread for torch meanwhile, where its steps are small.

    Threads that wait for each other at each of them take longer than one, several times when
    another program wants the core; and sums don't depend on the number of cores.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
