import shutil
import subprocess
import sys
from importlib import metadata

import pytest

from core import cli, libraries
from core.cli.doctor import findings
from core.cli.doctor.findings import Finding, examine
from core.extras import absent, how_to_add


@pytest.fixture
def no_sound(monkeypatch):
    """A machine whose sound system says what the test puts in."""
    said, run = subprocess.CompletedProcess([], 0, "", ""), subprocess.run
    monkeypatch.setattr(
        findings.subprocess,
        "run",
        lambda command, **how: said if "devices" in command else run(command, **how),
    )
    return said


def found(what):
    return [f for f in examine() if f.what == what]


def test_a_whole_installation_is_whole(capsys):
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "BROKEN" not in out
    for what in ("numpy", "onnxruntime", "PyQt5", "libsndfile", "ghostvlad.onnx", "encoder"):
        assert f"ok      {what}: " in out
    assert out.endswith("everything essential works\n")


def test_what_is_missing_comes_with_the_way_to_get_it(no_sound, monkeypatch, capsys):
    version, there = metadata.version, absent

    def some(name):
        if name in ("resvg-py", "soxr"):
            raise metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(findings.metadata, "version", some)
    monkeypatch.setattr(
        findings,
        "absent",
        lambda *names: sorted({*there(*names), *{"uisrnn", "fsspec"} & {*names}}),
    )
    assert cli.main(["doctor"]) == 1
    out = capsys.readouterr().out
    pip = f"{sys.executable} -m pip install"
    assert f"missing resvg-py: not installed (no pictures); {pip} resvg-py" in out
    for extra, name in (("archive", "fsspec"), ("train", "uisrnn")):
        (line,) = (line for line in out.splitlines() if line.startswith(f"missing [{extra}]: not "))
        assert name in line
        assert line.endswith(f"; {how_to_add(extra)}")
    assert " voicelanes[" not in out  # nobody's name in a registry; a folder may have it
    assert "BROKEN  soxr: not installed" in out
    assert out.endswith("something essential is broken\n")


def test_a_package_that_does_not_load_is_broken(no_sound, monkeypatch):
    def fails(name):
        raise ImportError("libfoo.so is missing")

    monkeypatch.setattr(findings.importlib, "import_module", fails)
    (numpy,) = found("numpy")
    assert numpy.broken
    assert "libfoo.so is missing" in numpy.state


def test_a_wrong_model_is_broken(no_sound, monkeypatch):
    from core.models import manifest

    monkeypatch.setattr(
        manifest.ModelSet, "_problem", lambda self, e: "wrong hash" if e == self.decoder else None
    )
    (decoder,) = found("uisrnn.npz")
    assert decoder.broken
    assert not found("encoder"), "nothing is run with models that are not right"


def test_the_models_in_use_are_looked_at(no_sound):
    from core.models import folders
    from core.models.manifest import shipped_models

    shipped = shipped_models().folder
    files = {path.name: path.read_bytes() for path in shipped.iterdir()}
    own = folders.install("own", files)
    folders.use("own")
    (named,) = found("models in use")
    assert named.state == f"own, in {own.folder}"
    (own.folder / "uisrnn.npz").write_bytes(b"x")
    (decoder,) = found("uisrnn.npz")
    assert "install these models again" in decoder.state
    own.folder.rename(own.folder.with_name("elsewhere"))
    (gone,) = found("models in use")
    assert "no models 'own'" in gone.state
    assert gone.to_do == "voicelanes models use shipped"
    assert not found("encoder")[0].broken, "the shipped one runs"


def test_devices_are_listed(no_sound):
    no_sound.stdout = "in\t16000\tMic\nin/out\t48000\tCard: with\ttab\nnoise from a driver\n"
    assert [f.state for f in found("sound device")] == [
        "Mic (in, 16000 Hz)",
        "Card: with\ttab (in/out, 48000 Hz)",
    ]
    no_sound.stdout = "out\t48000\tSpeakers\n"
    assert found("microphone")[0].to_do


@pytest.mark.parametrize("failure", ["crash", "hang", "none"])
def test_a_broken_sound_system_is_said_and_not_essential(no_sound, monkeypatch, failure):
    if failure == "crash":
        no_sound.returncode, no_sound.stderr = 1, "ALSA noise\nOSError: no default device\n"
    if failure == "hang":

        def hangs(command, **settings):
            if "devices" in command:
                raise subprocess.TimeoutExpired("python", settings["timeout"])
            return run(command, **settings)

        run = subprocess.run
        monkeypatch.setattr(findings.subprocess, "run", hangs)
    (devices,) = found("sound devices")
    assert devices.to_do
    assert not devices.broken
    expected = {"crash": "no default device", "hang": "no answer", "none": "none"}
    assert expected[failure] in devices.state


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt's wheel brings all")
@pytest.mark.parametrize("lacks", ["libxcb-icccm.so.4", "libgthread-2.0.so.0"])
def test_a_library_that_the_window_needs_is_missing(no_sound, monkeypatch, capsys, tmp_path, lacks):
    """In a real process: the loader finds a file of this name first, and it is no library."""
    (tmp_path / lacks).write_bytes(b"")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    monkeypatch.setattr(libraries, "_loads", lambda name: name != lacks)
    assert cli.main(["doctor"]) == 1
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "window: " in line)
    assert line.startswith("BROKEN  window: can't open (the commands work); a library that")
    assert f"({lacks}); " in line
    assert line.endswith(libraries.WINDOW[lacks] if shutil.which("apt-get") else "package manager")


def test_qt_that_is_not_whole_is_broken(no_sound, monkeypatch, tmp_path):
    (tmp_path / "PyQt5").mkdir()
    (tmp_path / "PyQt5" / "__init__.py").write_text("import PyQt5.QtNothing\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (window,) = found("window")
    assert window.broken
    assert "PyQt5.QtNothing, which windows need, is not installed" in window.state
    assert window.to_do.endswith("pip install PyQt5")


def test_a_finding_is_a_line():
    assert str(Finding("a", "1.0")) == "ok      a: 1.0"
    assert str(Finding("a", "gone", "get it")) == "missing a: gone; get it"
    assert str(Finding("a", "gone", "get it", broken=True)) == "BROKEN  a: gone; get it"
