"""PortAudio by way of PyAudio: what is used of it, and the ways in which it bites.

Everything here is for whoever opens a stream. PortAudio counts initialisations without a lock, so
one is held here around each; and a stream whose device went away must be kept for ever, because
stopping, closing and even forgetting it can wait without end or abort the process.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import Any, Protocol

INT16 = 8
"""``pyaudio.paInt16``."""
CONTINUE = 0
"""``pyaudio.paContinue``: a callback's word for "go on"."""
INPUT_OVERFLOW = 2
"""``pyaudio.paInputOverflow``: sound was lost before this block."""


class Streams(Protocol):
    """What is used of ``pyaudio.PyAudio`` to record; tests bring their own."""

    def open(self, **options: Any) -> Any: ...

    def terminate(self) -> None: ...


class Backend(Streams, Protocol):
    """What is used of ``pyaudio.PyAudio`` to find devices, too."""

    def get_device_count(self) -> int: ...

    def get_device_info_by_index(self, index: int, /) -> Mapping[str, Any]: ...

    def get_host_api_info_by_index(self, index: int, /) -> Mapping[str, Any]: ...

    def get_default_input_device_info(self) -> Mapping[str, Any]: ...

    def get_default_output_device_info(self) -> Mapping[str, Any]: ...


_LOCK = Lock()


def portaudio() -> Backend:
    """A fresh PyAudio. It sees the devices that are there now, unless another one is in use:
    PortAudio looks for devices only when its first user comes."""
    pyaudio = _pyaudio()
    _silence_drivers()
    with _LOCK:
        backend: Backend = pyaudio.PyAudio()
    return backend


def _pyaudio() -> Any:
    """PyAudio, or on Windows its fork that hears what the computer plays, where that is there."""
    if sys.platform == "win32":
        with suppress(ImportError):
            return importlib.import_module("pyaudiowpatch")
    return importlib.import_module("pyaudio")


def terminate(backend: Streams) -> None:
    """Let go of a backend without open streams."""
    with _LOCK:
        backend.terminate()


def abandon(*lost: Any) -> None:
    """Keep a stalled stream and its backend for ever: even their destructors would wait."""
    for thing in lost:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))


@cache
def _silence_drivers() -> None:
    """On Linux PortAudio asks for every device that ALSA and JACK could have, and both complain on
    standard error about each one that isn't there: a hundred lines that mean nothing."""
    if not sys.platform.startswith("linux"):
        return
    alsa_error = ctypes.CFUNCTYPE(
        None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
    )
    jack_error = ctypes.CFUNCTYPE(None, ctypes.c_char_p)
    for library, function, handler in (
        ("libasound.so.2", "snd_lib_error_set_handler", alsa_error(lambda *_: None)),
        ("libjack.so.0", "jack_set_error_function", jack_error(lambda *_: None)),
        ("libjack.so.0", "jack_set_info_function", jack_error(lambda *_: None)),
    ):
        with suppress(OSError, AttributeError):  # not on this machine
            getattr(ctypes.CDLL(library), function)(handler)
            _HANDLERS.append(handler)


_HANDLERS: list[object] = []
"""C code holds pointers to them for as long as the process lives."""
