"""Which kinds of recordings there are: what FFmpeg may take a file for, and how they are named.

One table for all: the demuxers that may open a file (:mod:`core.audio.libav`), the endings by which
recordings are found in folders (:mod:`core.archive.finding`) and offered in file dialogs. Playlists
(hls, concat, dash) aren't in it: they would open other files, and even the network, at the word of
a text file.
"""

from __future__ import annotations

KINDS: dict[str, tuple[str, ...]] = {
    "aac": ("aac",),
    "ac3": ("ac3",),
    "aiff": ("aiff", "aif", "aifc"),
    "amr": ("amr", "awb"),
    "ape": ("ape",),
    "asf": ("wma", "wmv", "asf"),
    "au": ("au", "snd"),
    "avi": ("avi",),
    "caf": ("caf",),
    "dts": ("dts",),
    "eac3": ("eac3", "ec3"),
    "flac": ("flac",),
    "flv": ("flv",),
    "g722": ("g722", "722"),
    "gsm": ("gsm",),
    "loas": ("loas", "latm"),
    "matroska": ("mkv", "mka", "mk3d", "webm", "weba"),
    "mov": (
        "mp4", "m4a", "m4b", "m4r", "m4v", "mov", "qt", "3gp", "3g2", "f4v", "mj2",
    ),
    "mp3": ("mp3", "mp2", "mpa", "m2a"),
    "mpc": ("mpc",),
    "mpc8": ("mpc",),
    "mpeg": ("mpg", "mpeg", "vob"),
    "mpegts": ("ts", "mts", "m2ts", "m2t"),
    "mxf": ("mxf",),
    "nistsphere": ("sph", "nist"),
    "ogg": ("ogg", "oga", "ogv", "ogx", "opus", "spx"),
    "rm": ("rm", "ra", "rmvb"),
    "tak": ("tak",),
    "truehd": ("thd",),
    "tta": ("tta",),
    "voc": ("voc",),
    "w64": ("w64",),
    "wav": ("wav", "wave", "rf64", "bwf"),
    "wv": ("wv",),
    "xwma": ("xwma",),
}  # fmt: skip
"""Demuxer -> endings of its files, the usual one first. What libsndfile reads is among them."""

BARE = ("g722", "gsm")
"""Those whose files have no header at all: what they are, only their name tells."""

TOGETHER = "together"
"""Ending of a list of several files of one meeting (:mod:`core.audio.together.listing`)."""

ENDINGS = frozenset(ending for endings in KINDS.values() for ending in endings) | {TOGETHER}


def is_recording(name: str) -> bool:
    """Whether a file in a folder is a recording by its name.

    Hidden files are none, nor are the ``._name`` that macOS lays beside a file on foreign disks.
    """
    return not name.startswith(".") and ending(name) in ENDINGS


def bare_kind(name: str, head: bytes, size: int) -> str | None:
    """The demuxer of a recording without any header, which only its name tells.

    ``head`` are its first bytes, ``size`` is how many there are in all.
    """
    kind = next((kind for kind in BARE if ending(name) in KINDS[kind]), None)
    if kind == "gsm" and (head[0] >> 4 != _GSM or size < _GSM_FRAME):
        return None
    return kind


_GSM, _GSM_FRAME = 0xD, 33
"""Every frame of GSM 06.10 begins with these four bits, and has so many bytes."""


def ending(name: str) -> str:
    """What stands behind the last dot of a file's name, in small letters; empty without a dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""
