"""What Windows and macOS don't have is asked for nowhere without need.

Run in a process in which those names are gone: it can't show that those systems are served, but
it does show what would fail there at once. (The library that knows the folders of each system asks
the one it finds for os.getuid and sockets for AF_UNIX, so those stay.)
"""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

MODULES = (
    "fcntl",
    "resource",
    "pwd",
    "grp",
    "termios",
    "tty",
    "pty",
    "syslog",
    "readline",
    "curses",
)
NAMES = {
    "os": (
        *("fork", "forkpty", "geteuid", "getgid", "getegid", "setsid", "killpg"),
        *("getpgid", "setpgid", "getpgrp", "nice", "sysconf", "confstr", "uname", "wait3", "wait4"),
        *("sched_getaffinity", "sched_setaffinity", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK"),
        *("chown", "fchown", "lchown", "fchmod", "mkfifo", "mknod", "getloadavg", "sync", "pread"),
        *("pwrite", "fdatasync", "posix_fadvise", "posix_fallocate", "getxattr", "setxattr"),
        *("sendfile", "openpty", "ttyname", "ctermid", "initgroups", "chroot", "statvfs"),
    ),
    "signal": (
        *("SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGQUIT", "SIGALRM", "SIGCHLD", "SIGPIPE"),
        *("SIGTSTP", "SIGWINCH", "SIGCONT", "SIGSTOP", "alarm", "setitimer", "pause", "sigwait"),
        *("pthread_sigmask", "pthread_kill", "siginterrupt"),
    ),
    "select": ("poll", "epoll"),
    "time": ("tzset", "clock_settime"),
}

HIDDEN = f"""
import importlib, os, pkgutil, select, signal, sys, time
import app, core

def modules():
    for package in (core, app):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if "training" not in found.name and not found.name.endswith("__main__"):
                yield found.name

for name in modules():  # other people's modules are loaded as they need it
    importlib.import_module(name)
for name in [n for n in sys.modules if n.partition(".")[0] in ("app", "core")]:
    del sys.modules[name]
for name in {MODULES!r}:
    sys.modules[name] = None
for module, names in {NAMES!r}.items():
    for name in names:
        if hasattr(sys.modules[module], name):
            delattr(sys.modules[module], name)
"""


def run(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", HIDDEN + code, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=170,
    )


def test_every_module_loads_without_what_only_linux_has():
    done = run(
        "names = list(modules())\n"
        "for name in names:\n"
        "    importlib.import_module(name)\n"
        "print(len(names))\n"
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 250


def test_a_recording_becomes_turns_and_files_without_it(tmp_path):
    done = run(
        "from core import cli\n"
        "sample, out = sys.argv[1:]\n"
        "formats = 'rttm,json,png,wav,docx'\n"
        "code = cli.main(['diarize', sample, '--out', out, '--format', 'rttm,json,png'])\n"
        "said = os.path.join(out, 'sample.json')\n"
        "words = ['--format', 'docx,wav', '--audio', sample, '--out', out]\n"
        "code = code or cli.main(['export', said, *words])\n"
        "from core.bench import memory\n"
        "memory.resident_mb()\n"
        "sys.exit(code or cli.main(['models', 'verify']))\n",
        ROOT / "assets/sample.opus",
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert {p.suffix for p in tmp_path.iterdir()} >= {".rttm", ".json", ".png", ".docx"}


def test_the_window_opens_and_ends_without_it():
    done = run(
        "from app.main import make_application\n"
        "from app.startup import Signals\n"
        "from app.window.main_window import MainWindow\n"
        "application = make_application()\n"
        "with Signals():\n"
        "    window = MainWindow(prepare=lambda: None)\n"
        "    window.first_painted.connect(window.close)\n"
        "    window.show()\n"
        "    sys.exit(application.exec())\n"
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
