"""The commands that add and choose models, on files of the seed's structure from loopback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core import cli
from core.models import fetching
from core.models import folders as model_folders
from core.models.fetching import Published, PublishedFile, blob_id, downloads_folder
from tests.core.served import Served, serve
from tests.core.training.seed_files import seed_layers, uisrnn_contents, write_h5, write_uisrnn
from tests.core.training.small import small_config

for module in ("h5py", "torch", "onnx"):
    pytest.importorskip(module, reason="needs the [train] extra")

CONFIG = small_config(stem_stride=1, pool_height=3, epsilon=1e-3)


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    from core.training.files import importing

    monkeypatch.setattr(importing, "published_config", lambda: CONFIG)
    monkeypatch.setenv("no_proxy", "*")
    encoder = write_h5(tmp_path / "weights.h5", seed_layers(CONFIG))
    return encoder, write_uisrnn(tmp_path / "saved", uisrnn_contents(7), old=True)


@pytest.fixture
def served(pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The pair on loopback, where the published one would be."""
    with serve({path.name: path.read_bytes() for path in pair}) as running:
        files = [
            PublishedFile(path.name, blob_id(path), f"licence of {path.name}", "a test", "noise")
            for path in pair
        ]
        monkeypatch.setitem(fetching.PUBLISHED, "vgg", Published(running.base, *files))
        yield running


def test_import_use_list_verify(
    pair: tuple[Path, Path], sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encoder, decoder = map(str, pair)
    given = ["models", "import", "--encoder", encoder, "--speakers", decoder, "--name"]
    assert cli.main([*given, "vgg"]) == 0
    assert "'voicelanes models use vgg'" in capsys.readouterr().out
    assert cli.main([*given, "vgg"]) == 1
    assert "already" in capsys.readouterr().err
    assert cli.main([*given, "vgg", "--replace"]) == 0
    assert cli.main([*given, "../vgg"]) == 1
    assert cli.main(["models", "list"]) == 0
    assert "shipped (in use)\n" in capsys.readouterr().out
    assert cli.main(["models", "use", "vgg"]) == 0
    assert cli.main(["models", "list"]) == 0
    out = capsys.readouterr().out
    assert "shipped\n" in out
    assert "vgg (in use)\n" in out
    assert cli.main(["models", "verify"]) == 0
    assert "vgg/ghostvlad.onnx: ok" in capsys.readouterr().out
    (model_folders.models_folder() / "vgg" / "uisrnn.npz").write_bytes(b"x")
    assert cli.main(["models", "verify"]) == 1
    assert "vgg/uisrnn.npz: damaged" in capsys.readouterr().out
    (model_folders.models_folder() / "vgg" / "manifest.toml").write_bytes(b"x")
    assert cli.main(["models", "list"]) == 1
    assert "manifest.toml is damaged" in capsys.readouterr().err


def test_diarize_runs_the_models_that_are_named_or_in_use(
    pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from core import pipeline
    from core.errors import InputError

    folders: list[Path] = []

    def diarize_file(*_: object, models: model_folders.ModelSet, **__: object) -> None:
        folders.append(models.folder)
        raise InputError("seen")

    monkeypatch.setattr(pipeline, "diarize_file", diarize_file)
    encoder, decoder = map(str, pair)
    cli.main(["models", "import", "--encoder", encoder, "--speakers", decoder, "--name", "vgg"])
    own, shipped = model_folders.models_folder() / "vgg", model_folders.load("shipped").folder
    cli.main(["diarize", "x.wav"])
    cli.main(["diarize", "x.wav", "--model", "vgg"])
    cli.main(["models", "use", "vgg"])
    cli.main(["diarize", "x.wav"])
    cli.main(["diarize", "x.wav", "--model", "shipped"])
    own.rename(own.with_name("elsewhere"))
    capsys.readouterr()
    cli.main(["diarize", "x.wav"])
    assert "no models 'vgg'" in capsys.readouterr().err
    assert folders == [shipped, own, own, shipped, shipped]
    assert cli.main(["diarize", "x.wav", "--model", "vgg"]) == 1
    assert len(folders) == 5
    assert cli.main(["models", "list"]) == 1
    assert "'vgg', are gone" in capsys.readouterr().err


def test_fetch_installs_and_leaves_no_download(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    served.cuts = [1000]
    assert cli.main(["models", "fetch", "vgg"]) == 0
    assert "encoder: licence of weights.h5" in capsys.readouterr().out
    models = model_folders.load("vgg")
    assert (models.encoder.licence, models.decoder.licence) == (
        "licence of weights.h5",
        "licence of saved",
    )
    assert not downloads_folder("vgg").exists()
    asked = len(served.asked)
    assert cli.main(["models", "fetch", "vgg"]) == 1
    assert "already" in capsys.readouterr().err
    assert len(served.asked) == asked, "what can't be installed is not downloaded"


@pytest.mark.parametrize("failure", ["hash", "cut", "network", "what comes is not understood"])
def test_nothing_is_installed_when_a_fetch_fails(
    served: Served,
    failure: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    published = fetching.PUBLISHED["vgg"]
    if failure == "hash":
        served.files["saved"] += b"x"
    elif failure == "cut":
        served.cuts = [10] * 4
    elif failure == "network":
        with serve({}) as gone:
            changed = replace(published, base=gone.base)
        monkeypatch.setitem(fetching.PUBLISHED, "vgg", changed)
    else:
        changed = replace(published, encoder=published.decoder)
        monkeypatch.setitem(fetching.PUBLISHED, "vgg", changed)
    assert cli.main(["models", "fetch", "vgg"]) == 1
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "voicelanes:" in line]
    assert line
    assert model_folders.names() == []
    assert not model_folders.models_folder().exists()


def test_only_what_is_published_can_be_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "fetch", "other"]) == 2
    assert "there is vgg" in capsys.readouterr().err
    assert cli.main(["models"]) == 2
