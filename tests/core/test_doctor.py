import subprocess
from importlib import metadata

import pytest

from core import cli, doctor
from core.doctor import Finding, examine


@pytest.fixture
def no_sound(monkeypatch):
    """A machine whose sound system says what the test puts in."""
    said = subprocess.CompletedProcess([], 0, "", "")
    monkeypatch.setattr(doctor.subprocess, "run", lambda *_, **__: said)
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
    version = metadata.version

    def some(name):
        if name in ("matplotlib", "uisrnn", "soxr"):
            raise metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(doctor.metadata, "version", some)
    assert cli.main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "missing matplotlib: not installed (no pictures); pip install matplotlib" in out
    (train,) = (line for line in out.splitlines() if line.startswith("missing [train]: not there:"))
    assert "uisrnn" in train
    assert train.endswith("; in the checkout, pip install -e '.[train]'")
    assert "voicelanes[" not in out
    assert "BROKEN  soxr: not installed" in out
    assert out.endswith("something essential is broken\n")


def test_a_package_that_does_not_load_is_broken(no_sound, monkeypatch):
    def fails(name):
        raise ImportError("libfoo.so is missing")

    monkeypatch.setattr(doctor.importlib, "import_module", fails)
    (numpy,) = found("numpy")
    assert numpy.broken
    assert "libfoo.so is missing" in numpy.state


def test_a_wrong_model_is_broken(no_sound, monkeypatch):
    from core import models

    monkeypatch.setattr(
        models.ModelSet, "_problem", lambda self, e: "wrong hash" if e == self.decoder else None
    )
    (decoder,) = found("uisrnn.npz")
    assert decoder.broken
    assert not found("encoder"), "nothing is run with models that are not right"


def test_the_models_in_use_are_looked_at(no_sound):
    from core import model_folders
    from core.models import shipped_models

    shipped = shipped_models().folder
    files = {path.name: path.read_bytes() for path in shipped.iterdir()}
    own = model_folders.install("own", files)
    model_folders.use("own")
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

        def hangs(*_, **settings):
            raise subprocess.TimeoutExpired("python", settings["timeout"])

        monkeypatch.setattr(doctor.subprocess, "run", hangs)
    (devices,) = found("sound devices")
    assert devices.to_do
    assert not devices.broken
    expected = {"crash": "no default device", "hang": "no answer", "none": "none"}
    assert expected[failure] in devices.state


def test_a_finding_is_a_line():
    assert str(Finding("a", "1.0")) == "ok      a: 1.0"
    assert str(Finding("a", "gone", "get it")) == "missing a: gone; get it"
    assert str(Finding("a", "gone", "get it", broken=True)) == "BROKEN  a: gone; get it"
