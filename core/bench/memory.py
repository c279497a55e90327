"""How much memory a process takes, in MB (10^6)."""

from __future__ import annotations

import mmap
import sys


def resident_mb() -> float | None:
    """Memory of this process that is in use; None where the system doesn't tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * mmap.PAGESIZE / 1e6


def peak_mb() -> float | None:
    """The most that this process had so far; None on Windows."""
    if sys.platform == "win32":
        return None
    import resource

    return round(maxrss_mb(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss), 1)


def maxrss_mb(ru_maxrss: int) -> float:
    """``ru_maxrss`` as ``getrusage`` and ``wait4`` give it: bytes on macOS, KiB elsewhere."""
    return ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
