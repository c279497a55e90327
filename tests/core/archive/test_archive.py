"""A real scheduler with two worker processes on the loopback interface, as a person runs it."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from core.archive import run
from core.archive.finding import Recording, find
from core.archive.job import Asked
from core.archive.results import RECORD
from core.archive.worker import PROGRESS
from core.cli import main
from core.formats import rttm
from core.meeting.file import read_meeting
from core.meeting.prints import pack
from core.models.folders import current_models
from core.pipeline import SpeakerCount, diarize_file
from core.units import SAMPLE_RATE
from core.workers.cluster import connected

ROOT = Path(__file__).resolve().parents[3]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def worker_processes(parent: psutil.Process | None = None) -> list[psutil.Process]:
    children = (parent or psutil.Process()).children(recursive=True)
    return [p for p in children if any("spawn_main" in word for word in p.cmdline())]


def until(condition: Callable[[], object], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def written(out: Path) -> dict[str, int]:
    """When each record was written, by its folder."""
    return {p.parent.name: p.stat().st_mtime_ns for p in out.rglob(RECORD)}


def test_a_whole_archive(
    talks: Path, tmp_path: Path, talk: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results"
    command = ["archive", str(talks), "--out", str(out), "--workers", "2", "--format", "rttm,csv"]
    killed: list[int] = []

    def kill_one() -> None:
        until(lambda: len(written(out)) >= 3)
        victim = worker_processes()[0]
        victim.kill()
        killed.append(len(written(out)))

    killer = threading.Thread(target=kill_one)
    killer.start()
    code = main(command)
    killer.join()
    said = capsys.readouterr()
    assert killed
    assert killed[0] < 20, "the worker was killed after the work"
    assert code == 1  # as documented: one failed
    assert "broken.mp3" in said.err
    assert not worker_processes()

    summary = rows(out / "summary.csv")
    assert len(summary) == 20
    (failed,) = [row for row in summary if row["state"] == "failed"]
    assert failed["recording"].endswith("broken.mp3")
    assert failed["reason"]
    report = (out / "report.html").read_text("utf-8")
    assert failed["reason"] in report
    assert "talk%2018.rttm" in report
    for row in summary:
        if row is failed:
            continue
        source, folder = Path(row["recording"]), out / row["folder"]
        expected = diarize_file(source).annotation
        assert (folder / f"{source.stem}.rttm").read_text("utf-8") == rttm.render(
            expected, source.stem
        )
        meeting = read_meeting(folder / f"{source.stem}.voicelanes.json")
        assert meeting.annotation == expected
        assert meeting.windows or not expected.turns
        assert not meeting.warnings
        assert meeting.audio is not None
        assert meeting.audio.sha256 == row["sha256"]

    before = written(out)
    assert main(command) == 1
    told = capsys.readouterr().out
    assert "20 recordings: 19 were done before, 0 done now, 1 failed (1 before);" in told
    assert written(out) == before

    changed = talks / "day 0" / "talk 4.wav"
    soundfile.write(changed, talk[: 5 * SAMPLE_RATE], SAMPLE_RATE)
    os.utime(talks / "day 0" / "talk 6.wav")  # its bytes are as they were
    assert main(command) == 1
    after = written(out)
    assert {name for name in after if after[name] != before[name]} == {"talk 4.wav", "talk 6.wav"}
    by_source = {row["recording"]: row for row in rows(out / "summary.csv")}
    assert float(by_source[str(changed)]["duration_s"]) == 5
    old = {row["recording"]: row["work_s"] for row in summary}
    touched = str(talks / "day 0" / "talk 6.wav")
    assert by_source[touched]["work_s"] == old[touched], "the same bytes were worked on again"
    assert [r["recording"] for r in rows(out / "speakers.csv")]


def started(*arguments: str, module: str = "core") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_ctrl_c_keeps_what_is_done(talks: Path, tmp_path: Path) -> None:
    out = tmp_path / "results"
    process = started("archive", str(talks), "--out", str(out), "--workers", "1")
    try:
        assert until(lambda: len(written(out)) >= 3)
        workers = worker_processes(psutil.Process(process.pid))
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert not any(worker.is_running() for worker in workers)
    done = len(written(out))
    assert 3 <= done < 20
    assert len(rows(out / "summary.csv")) == done


def test_sigterm_leaves_nothing_behind(
    talks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, temporary = tmp_path / "results", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    process = started("archive", str(talks), "--out", str(out), "--workers", "2")
    try:
        assert until(lambda: written(out))
        assert list(temporary.iterdir()), "nothing that could be left"
        workers = worker_processes(psutil.Process(process.pid))
        process.terminate()
        process.terminate()  # once more must not cut the tidying short
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in errors
    assert not any(worker.is_running() for worker in workers)
    assert list(temporary.rglob("*")) == []
    assert not list(out.rglob("*.part"))
    # What a worker finished in this very moment is listed at the next start.
    assert 0 <= len(written(out)) - len(rows(out / "summary.csv")) <= 2


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with a worker, both started as on machines of a cluster."""
    file = tmp_path / "scheduler.json"
    dask, common = "distributed.cli.dask", ("--host", "127.0.0.1", "--no-dashboard")
    with ExitStack() as stack:
        for module, arguments in (
            ("scheduler", ("--port", "0", "--dashboard-address", "127.0.0.1:0")),
            ("worker", ("--nthreads", "1", "--local-directory", str(tmp_path / "worker"))),
        ):
            process = started(
                "--scheduler-file", str(file), *common, *arguments, module=f"{dask}_{module}"
            )
            stack.callback(process.communicate, timeout=30)
            stack.callback(process.terminate)
            assert until(file.exists)
        yield json.loads(file.read_text())["address"]


def test_watching_takes_what_arrives_at_a_url(
    tmp_path: Path, talk: np.ndarray, scheduler: str
) -> None:
    folder, out = tmp_path / "incoming", tmp_path / "results"
    folder.mkdir()
    options = ["--scheduler", scheduler, "--rest", "0.5"]
    process = started("watch", f"file://{folder}", "--out", str(out), *options)
    try:
        soundfile.write(folder / "first.flac", talk[: 4 * SAMPLE_RATE], SAMPLE_RATE)
        assert until((out / "speakers.csv").exists)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "first.flac" in said
    (row,) = rows(out / "summary.csv")
    assert row["state"] == "done"
    models = tmp_path.glob("worker/**/ghostvlad.onnx")  # they came to the worker
    assert [p.read_bytes() for p in models] == [(ROOT / "models/ghostvlad.onnx").read_bytes()]


def test_a_long_recording_goes_to_all_workers(
    tmp_path: Path, talk: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "talks", tmp_path / "results"
    folder.mkdir()
    long = folder / "long.flac"
    soundfile.write(long, talk[: 30 * SAMPLE_RATE], SAMPLE_RATE)
    short = talk[: 2 * SAMPLE_RATE]
    soundfile.write(folder / "short.ogg", short, SAMPLE_RATE, format="OGG", subtype="VORBIS")
    monkeypatch.setattr(run, "LONG", 100_000)
    asked = Asked("", "2-6", ("rttm", "svg"))
    models = current_models()
    with connected(2) as client, run.Run(client, out, models, asked) as work:
        work.submit(find([str(folder)], out))
        while work.waiting:
            for record in work.finished(timeout=1.0):
                assert not record.failed
        told = {event[:3] for _, event in client.get_events(PROGRESS)}
    name = "recordings/talks/long.flac"
    assert {(name, task, 4) for task in range(3)} <= told, "it wasn't done in parts"
    whole = diarize_file(long, models=models, speakers=SpeakerCount(2, 6))
    results = out / name
    expected = rttm.render(whole.annotation, "long")
    assert (results / "long.rttm").read_text("utf-8") == expected
    assert (results / "long.voicelanes.npz").read_bytes() == pack(whole.windows, whole.speech)
    assert read_meeting(results / "long.voicelanes.json").annotation == whole.annotation
    assert (results / "long.svg").is_file()


def test_what_goes_in_parts() -> None:
    def of(*megabytes: int) -> list[Recording]:
        return [Recording(f"{n}", f"{n}", m * 1_000_000, "") for n, m in enumerate(megabytes)]

    def sizes(workers: int, *megabytes: int) -> list[int]:
        long, others = run.long_and_others(of(*megabytes), workers)
        assert sorted([*long, *others]) == of(*megabytes)
        return [recording.size // 1_000_000 for recording in long]

    assert sizes(2, 10, 10) == []
    assert sizes(2, 10, 1) == [10]
    assert sizes(4, 10, 30, 1) == [30]
    assert sizes(8, 10, 30, 1) == [30, 10]
    assert sizes(2, 0) == []
    assert sizes(1, 10, 1) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux allows such names")
def test_a_name_that_is_not_utf_8_hangs_nothing(
    tmp_path: Path, talk: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    """Dask can't send such a name: that one is reported, the other is done."""
    talks = tmp_path / "talks"
    talks.mkdir()
    for name in (b"good.wav", b"bad\xff.wav"):
        path = talks / os.fsdecode(name)
        with path.open("wb") as file:
            soundfile.write(file, talk[: 4 * SAMPLE_RATE], SAMPLE_RATE, format="WAV")
    out = tmp_path / "results"
    assert main(["archive", str(talks), "--out", str(out), "--workers", "1"]) == 1
    said = capsys.readouterr()
    assert "bad\\xff.wav: its name or folder isn't UTF-8: rename it" in said.err
    assert "1 failed" in said.out
    (row,) = rows(out / "summary.csv")
    assert row["recording"].endswith("good.wav")
    assert row["state"] == "done"


def test_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", str(tmp_path / "nowhere"), "--out", str(tmp_path / "o")]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert main(["archive", str(tmp_path), "--out", str(tmp_path / "o")]) == 1
    assert "no recording" in capsys.readouterr().err
    assert main(["archive", str(tmp_path), "--out", "o", "--format", "wav"]) == 2
    assert main(["archive", str(tmp_path), "--out", "o", "--workers", "0"]) == 2
    both = ["--workers", "2", "--scheduler", "tcp://127.0.0.1:1"]
    assert main(["archive", str(tmp_path), "--out", "o", *both]) == 2
