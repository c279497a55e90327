"""The package of the frozen app in a bare Debian without Python, as a person would use it.

``smoke.py PACKAGE.deb SUITE FOLDER``, as root: makes a root of that Debian by debootstrap, if the
folder has none, installs the package there, and then, without any network, runs commands and a
window on a screen and a sound server made of software. Pictures of the window end up in the
folder. Says what was done; exit code 1 where something isn't as it must be.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import soundfile
from PyQt5.QtGui import QImage

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.export.meeting import TITLES  # noqa: E402
from tests.e2e.screen import Screen, wait_for  # noqa: E402
from tests.e2e.sound_server import RATE, SoundServer  # noqa: E402

STRACE = ["strace", "-f", "-qq", "-e", "trace=socket,connect", "--seccomp-bpf", "-o"]
SECONDS = 25
"""Of the sample that are spoken into the microphone."""


class Bare:
    """The root, and what runs in it."""

    def __init__(self, suite: str, folder: Path) -> None:
        self.root, self.folder = folder / suite, folder
        if not (self.root / "etc/debian_version").exists():
            command = ["debootstrap", "--variant=minbase", suite, str(self.root)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        self.home = self.root / "root"
        self.trace = folder / f"{suite}.trace"
        self.environment: dict[str, str] = {}

    def admin(self, *words: str) -> str:
        """Run something as its administrator, with the network."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(
            ["chroot", str(self.root), *words], env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(
                f"{' '.join(words)} failed:\n{done.stdout[-2000:]}{done.stderr[-3000:]}"
            )
        return done.stdout

    def command(self, *words: str) -> list[str]:
        """The program there, with nobody to talk to, and watched whom it would."""
        inside = [
            "unshare",
            "--net",
            "/usr/sbin/chroot",
            str(self.root),
            "/usr/bin/voicelanes",
            *words,
        ]
        return [*STRACE, str(self.trace), *inside]

    def known(self) -> dict[str, str]:
        """The environment of somebody who just logged in."""
        return {"PATH": "/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8", **self.environment}

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command of the program; its output. It must end with this code."""
        done = subprocess.run(
            self.command(*words), env=self.known(), capture_output=True, text=True, timeout=600
        )
        self.quiet(words)
        if done.returncode != code:
            raise SystemExit(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        print("ok ", "voicelanes", *words, flush=True)
        return done.stdout

    def quiet(self, words: object) -> None:
        """Nothing asked for the network since the last time."""
        asked = [line for line in self.trace.read_text().splitlines() if "AF_INET" in line]
        if asked:
            raise SystemExit(f"{words} asked for the network: {asked[:3]}")


@contextmanager
def bound(source: Path, target: Path) -> Iterator[None]:
    """A folder of this machine in the root."""
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "--bind", str(source), str(target)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(target)], check=True)


def commands(bare: Bare, server: SoundServer) -> None:
    """All that answers in a terminal."""
    assert bare.run("--version").startswith("voicelanes ")
    told = bare.run("doctor")
    assert "BROKEN" not in told, told
    assert re.search(r"microphone|Virtual|pulse", told), told
    print(re.sub(r"^", "    ", told, flags=re.M))
    assert "ok" in bare.run("models", "verify")
    turns = bare.run("diarize", "/root/sample.opus", "--out", "/root/out", "--format", "rttm,json")
    assert turns.count(" ==> ") > 5, turns
    score = bare.run("score", "/root/sample.rttm", "/root/out/sample.rttm", "--collar", "0.25")
    print(score)
    for name in TITLES:
        words = ["--format", name, "--out", f"/root/exported/{name}"]
        bare.run("export", "/root/out/sample.json", *words, "--audio", "/root/sample.opus")
        made = [*(bare.home / "exported" / name).iterdir()]
        words_alone = name == "ctm"  # nobody has written what is said in the sample
        assert made, f"nothing of {name}"
        assert words_alone or all(p.stat().st_size for p in made), f"{name} is empty"
    bare.run("voices", "add", "Anna", "/root/anna.wav")
    assert "Anna" in bare.run("voices", "list")
    bare.run("bench", "file", "/root/sample.opus", "--minutes", "0.3")
    print(bare.run("devices"))
    talk = server.speak(sample_pcm())
    recorded = bare.run("record", "--out", "/root/mine.wav", "--minutes", "0.3", "--rttm")
    talk.kill()
    samples, _ = soundfile.read(bare.home / "mine.wav")
    assert np.abs(samples).max() > 0.05, "the virtual microphone was not heard"
    assert " ==> " in recorded, recorded


def sample_pcm() -> np.ndarray:
    """The beginning of the sample as the sound server plays it."""
    sound, rate = soundfile.read(ROOT / "assets/sample.opus", dtype="float32")
    step = rate // RATE
    return np.round(sound[: SECONDS * rate : step] * 32767).astype(np.int16)


def window(bare: Bare, server: SoundServer, screen: Screen) -> None:
    """The sample opened, listened to, saved and exported; a meeting recorded."""
    with opened(bare, "/root/sample.opus"):
        screen.focus("sample.opus")
        meeting = bare.home / "sample.voicelanes.json"

        def saved() -> bool:
            screen.keys("ctrl+s")
            time.sleep(1)
            return meeting.exists()

        wait_for(saved, "the meeting to be saved")
        shot(screen, bare, "sample")
        listening = server.listen(RATE)
        assert listening.stdout is not None
        screen.keys("space")

        def heard() -> bool:
            piece = np.frombuffer(listening.stdout.read(RATE), np.int16)
            return bool(np.abs(piece.astype(int)).max() > 1000)

        wait_for(heard, "sound from the loudspeaker")
        shot(screen, bare, "playing")
        listening.kill()
        screen.keys("space", "ctrl+q")
        print("ok  the window opened the sample, played it and saved a meeting", flush=True)
    for name in ("textgrid", "srt", "png"):
        bare.run(
            "export", "/root/sample.voicelanes.json", "--format", name, "--out", f"/root/w/{name}"
        )
    with opened(bare):
        screen.focus("Voicelanes")
        screen.keys("ctrl+r")
        folder = bare.home / "Documents/Voicelanes"
        wait_for(lambda: bool([*folder.glob("*.wav")]), "the recording to begin")
        talk = server.speak(sample_pcm())
        talk.wait()
        time.sleep(1)
        shot(screen, bare, "recording")
        screen.keys("ctrl+shift+r")
        wait_for(lambda: bool([*folder.glob("*.voicelanes.json")]), "the recording to be saved")
        shot(screen, bare, "recorded")
        samples, _ = soundfile.read(next(folder.glob("*.wav")))
        assert np.abs(samples).max() > 0.05, "the window recorded silence"
        screen.keys("ctrl+q")
    print("ok  the window recorded from the virtual microphone", flush=True)


def several(bare: Bare, screen: Screen) -> None:
    """Two recordings worked through beside the window, in a process that begins by the program."""
    talks = bare.home / "talks"
    talks.mkdir()
    sound, rate = soundfile.read(ROOT / "assets/sample.opus")
    for name, start in (("one", 0), ("two", 30)):
        soundfile.write(talks / f"{name}.wav", sound[start * rate : (start + 25) * rate], rate)
    with opened(bare, "/root/talks"):
        screen.focus("Voicelanes")
        data = bare.home / ".local/share"
        wait_for(lambda: bool([*data.rglob("report.html")]), "the folder to be worked through")
        time.sleep(1)
        shot(screen, bare, "folder")
        screen.keys("ctrl+q")
    turns = [*data.rglob("*.rttm")]
    assert len(turns) == 2, turns
    assert all(path.stat().st_size for path in turns), turns
    print("ok  the window worked through a folder", flush=True)


@contextmanager
def opened(bare: Bare, *words: str) -> Iterator[None]:
    """The window, which ends by itself at the end."""
    said = bare.folder / "window.txt"
    with said.open("w") as stderr:
        process = subprocess.Popen(
            bare.command(*words), env=bare.known(), stderr=stderr, start_new_session=True
        )
    try:
        yield
        code = process.wait(60)
        assert code == 0, f"the window ended with {code}: {said.read_text()}"
        assert "Traceback" not in said.read_text(), said.read_text()
    except BaseException:
        print(said.read_text(), file=sys.stderr)
        raise
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # strace alone would wait for the program
            process.wait()
    bare.quiet("the window")


def shot(screen: Screen, bare: Bare, name: str) -> None:
    """A picture of the screen as it is."""
    pixels = np.ascontiguousarray(screen.picture())
    height, width, _ = pixels.shape
    picture = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    picture.save(str(bare.folder / f"{bare.root.name}-{name}.png"))


def main() -> None:
    """Install, use, remove."""
    package, suite, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    bare = Bare(suite, folder)
    shutil.copy(package, bare.root / "tmp/voicelanes.deb")
    with ExitStack() as stack:
        stack.enter_context(bound(Path("/dev"), bare.root / "dev"))
        stack.enter_context(bound(Path("/proc"), bare.root / "proc"))
        bare.admin("apt-get", "update", "-qq")
        bare.admin("apt-get", "install", "-y", "--no-install-recommends", "/tmp/voicelanes.deb")
        pythons = [*bare.root.glob("usr/bin/python3*")]
        assert not pythons, f"this root has a Python of its own: {pythons}"
        print(f"ok  installed in {suite}: {bare.admin('dpkg-query', '-W', 'voicelanes').strip()}")
        shutil.rmtree(bare.home)  # of an earlier run
        bare.home.mkdir()
        for name in ("sample.opus", "sample.rttm"):
            shutil.copy(ROOT / "assets" / name, bare.home)
        sound, rate = soundfile.read(ROOT / "assets/sample.opus")
        soundfile.write(bare.home / "anna.wav", sound[: 12 * rate], rate)
        sockets = folder / f"{suite}-sockets"
        shutil.rmtree(sockets, ignore_errors=True)
        sockets.mkdir()
        server = stack.enter_context(SoundServer(sockets))
        screen = stack.enter_context(Screen(sockets))
        stack.enter_context(bound(sockets, bare.root / "run/sound"))
        stack.enter_context(bound(Path("/tmp/.X11-unix"), bare.root / "tmp/.X11-unix"))
        bare.environment = {
            "PULSE_SERVER": "unix:/run/sound/pulse.socket",
            "DISPLAY": screen.display,
        }
        commands(bare, server)
        window(bare, server, screen)
        several(bare, screen)
        bare.admin("apt-get", "remove", "-y", "voicelanes")
        left = [p for p in bare.root.glob("usr/**/*voicelanes*") if "doc" not in p.parts]
        assert not left, f"left behind: {left}"
        print(f"ok  removed from {suite}; nothing of it is left")


if __name__ == "__main__":
    if os.getuid():
        sys.exit("making a root of Debian takes the rights of root")
    main()
