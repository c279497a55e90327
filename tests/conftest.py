"""What every test stands on: no screen, no network, nobody's own settings, nothing left running.

The environment is set when pytest loads this file, before a test can import Qt or matplotlib.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from PyQt5.QtCore import QThread
from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parent.parent
ENDING_S = 5.0
"""How long a thread that was told to stop may take before it counts as left behind."""
PATIENCE_MS = 60_000
"""For what a test waits: on a machine that has much else to do, pytest-qt's 5 s are short."""

_home = tempfile.TemporaryDirectory(prefix="voicelanes-tests-", ignore_cleanup_errors=True)
for _name, _folder in {
    "HOME": "",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_CACHE_HOME": "cache",
    "XDG_STATE_HOME": "state",
    "XDG_RUNTIME_DIR": "runtime",
    "MPLCONFIGDIR": "matplotlib",
}.items():
    _path = Path(_home.name, _folder)
    _path.mkdir(mode=0o700, exist_ok=True)
    os.environ[_name] = str(_path)
if not os.environ.get("VOICELANES_XCB"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Several processes share the cores. Threads of OpenMP, BLAS and TensorFlow that wait for each other
# would spin meanwhile, which took most of the processor time of training's tests.
for _name in (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
):
    os.environ.setdefault(_name, "1")
os.environ.update(LC_ALL="C.UTF-8", LANGUAGE="")  # the window speaks English, whoever runs this

# A shell that starts something in the background (`make test &`) lets it ignore Ctrl+C, and with it
# every program that a test starts. Whether those heed it is what some tests are about.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A timing assertion would fail on a busy machine, and so would hypothesis' own deadline.
settings.register_profile(
    "here", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, database=None)
settings.register_profile("nightly", settings.get_profile("here"), max_examples=600)
settings.load_profile("ci" if os.environ.get("CI") else "here")


SOUND = tuple(
    f"tests/e2e/test_{name}.py" for name in ("live_call", "live_core", "live_window", "playback")
)
"""Each has a sound server of its own; at the same time they would disturb each other's timing."""
TRAINING = "tests/core/training/"
"""TensorFlow and PyTorch take ten seconds to load, so one process alone does."""
FIRST = (
    "training",
    "tests/e2e/test_privacy.py",
    "tests/test_plain_install.py",
    "sound",
    "tests/app/folder/test_folder.py",
    "tests/app/window/test_main_window.py",
)
"""What takes longest begins first, so that no process works on it when the others are done."""


def _together(nodeid: str) -> str:
    """What stays in one process: a file, all that needs the sound server, or all of training."""
    path = nodeid.partition("::")[0]
    if path in SOUND:
        return "sound"
    return "training" if path.startswith(TRAINING) else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """With ``-n auto``: one more than there are cores, for tests wait, too."""
    return min(8, (os.cpu_count() or 1) + 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return _together(nodeid)

    config.option.loadscopereorder = False  # by how many tests are in them
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(_together(item.nodeid), len(order)))


for _wait in (QtBot.waitExposed, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitUntil):
    assert _wait.__kwdefaults__["timeout"] == 5000
    _wait.__kwdefaults__["timeout"] = PATIENCE_MS


# To look through all objects for those that run would take longer than most tests.
_started: weakref.WeakSet[QThread] = weakref.WeakSet()
_start_thread = QThread.start


def _start(self: QThread, *priority: QThread.Priority) -> None:
    _started.add(self)
    _start_thread(self, *priority)


QThread.start = _start  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The project's shared folder (evaluation recordings, starting weights), if present."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared (evaluation recordings), which is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample conversation; its exact turns are beside it in ``sample.rttm``."""
    return ROOT / "assets" / "sample.opus"


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test starts without settings, recent files or recordings of the one before."""
    home = tmp_path_factory.mktemp("home", numbered=True)
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Everything works without a network: a test that reaches for one fails and says where to."""
    with pytest.MonkeyPatch.context() as patch:
        connect = socket.socket.connect

        def local_only(self: socket.socket, address: object) -> None:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                host = str(address[0]) if isinstance(address, tuple) else str(address)
                if not (host in ("localhost", "::1") or host.startswith("127.")):
                    raise AssertionError(f"Voicelanes needs no network, yet connects to {address}")
            connect(self, address)  # type: ignore[arg-type]

        patch.setattr(socket.socket, "connect", local_only)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash.setdefault(_FAILED, False)
    item.stash[_FAILED] |= report.failed  # type: ignore[attr-defined]
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """In tests/app and tests/e2e: no thread, no QThread and no window outlives its test."""
    folder = request.node.path.relative_to(ROOT / "tests").parts[0]
    if folder not in ("app", "e2e"):
        yield
        return
    _set_aside()
    threads = set(threading.enumerate())
    windows = set(_windows())
    yield
    if request.node.stash.get(_FAILED, False):
        return  # the traceback keeps the test's objects alive: they would hide the real failure

    def left() -> list[str]:
        _finish_deletions()
        return (
            [
                f"thread {t.name!r} is still running"
                for t in threading.enumerate()
                if t not in threads and not t.daemon
            ]
            + [f"{name} is a QThread that is still running" for name in _running_qthreads()]
            + [
                f"{name} is a window that is still there"
                for w, name in _windows().items()
                if w not in windows
            ]
        )

    problems = _settle(left)
    if problems:
        pytest.fail("the test leaves something behind:\n  " + "\n  ".join(problems), pytrace=False)


def _set_aside() -> None:
    """What is loaded by now stays: the collector needn't look through it after every window."""
    global _loaded
    if len(sys.modules) > _loaded + 50:
        gc.collect()
        gc.freeze()
        _loaded = len(sys.modules)


_loaded = 0


def _settle(left: Callable[[], list[str]]) -> list[str]:
    """What is left once reference cycles are collected and stopping threads had their time."""
    problems = left()
    end = time.monotonic() + ENDING_S
    while problems and time.monotonic() < end:
        gc.collect()
        time.sleep(0.02)
        problems = left()
    return problems


def _finish_deletions() -> None:
    if "PyQt5.QtWidgets" not in sys.modules:
        return
    from PyQt5.QtCore import QEvent
    from PyQt5.QtWidgets import QApplication

    if QApplication.instance() is not None:
        QApplication.sendPostedEvents(None, QEvent.DeferredDelete)
        QApplication.processEvents()


def _windows() -> dict[int, str]:
    """Address and name of every parentless top-level widget."""
    if "PyQt5.QtWidgets" not in sys.modules:
        return {}
    from PyQt5 import sip
    from PyQt5.QtWidgets import QApplication

    if QApplication.instance() is None:
        return {}
    return {
        sip.unwrapinstance(w): f"{type(w).__name__} {w.objectName() or w.windowTitle()!r}"
        for w in QApplication.topLevelWidgets()
        # Qt keeps one tooltip label for itself
        if w.parent() is None and w.metaObject().className() != "QTipLabel"
    }


def _running_qthreads() -> list[str]:
    from PyQt5 import sip

    return [
        f"{type(thread).__name__} {thread.objectName()!r}"
        for thread in _started
        if not sip.isdeleted(thread) and thread.isRunning()
    ]
