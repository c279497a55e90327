"""A program seen from outside: its sockets and the files that it writes, as strace has them."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

CALLS = (
    "socket,connect,bind,sendto,sendmsg,sendmmsg,"
    "openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat"
)
STRACE = ("strace", "-f", "-qq", "-y", "-s", "4096", "--seccomp-bpf")
_ADDRESS = re.compile(r"sa_family=(AF_\w+).*?(?:inet_addr\(|inet_pton\(AF_INET6, )\"([^\"]+)\"")
_PATH = re.compile(r'(?:AT_FDCWD<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')
_WRITES = re.compile(r"O_CREAT|O_WRONLY|O_RDWR|O_TMPFILE|^(mkdir|rename|link|symlink|creat)")


@functools.cache
def missing() -> str:
    """Why a program can't be watched here; an empty string if it can."""
    if shutil.which("strace") is None:
        return "no strace on this machine (Debian: strace)"
    tried = subprocess.run([*STRACE, "-o", os.devnull, "true"], capture_output=True)
    return "strace can't watch programs here (it is too old, or forbidden)" * bool(tried.returncode)


class Traced:
    """What to start a program with, and what it and those that it started did.

    Parameters
    ----------
    folder
        Gets the trace, and the program's home and temporary folder: nothing is there before.
    """

    def __init__(self, folder: Path) -> None:
        self._trace = folder / "trace"
        self.home, self.temporary = folder / "home", folder / "temporary"
        for place in (self.home, self.temporary):
            place.mkdir(mode=0o700)
        self.command = [*STRACE, "-e", f"trace={CALLS}", "-o", str(self._trace)]

    @property
    def environment(self) -> dict[str, str]:
        """That of somebody who just installed Voicelanes, outside any build machine."""
        ours = re.compile(r"CI|XDG_.*_HOME|MPLCONFIGDIR|ORT_.*|GITHUB_.*")
        kept = {name: value for name, value in os.environ.items() if not ours.fullmatch(name)}
        return {
            **kept,
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _calls(self) -> list[str]:
        return [line.split(maxsplit=1)[1] for line in self._trace.read_text().splitlines()]

    def internet(self) -> list[str]:
        """Every socket that isn't the system's own, and every address that isn't this machine's."""
        return [
            call
            for call in self._calls()
            if call.startswith("socket(AF_INET")
            or ((address := _ADDRESS.search(call)) and not address[2].startswith(("127.", "::1")))
        ]

    def elsewhere(self) -> list[str]:
        """As :meth:`internet`, without the sockets themselves: for what talks to itself."""
        return [call for call in self.internet() if not call.startswith("socket(AF_INET")]

    def written(self) -> set[Path]:
        """Files and folders that were made or opened for writing."""
        found = set()
        for call in self._calls():
            if _WRITES.search(call) and not re.search(r"= -1 E", call):
                for at, name in _PATH.findall(call):
                    if name and not name.startswith(("/dev/", "/proc/")):
                        found.add(Path(os.path.normpath(Path(at or "/", name))))
        return found
