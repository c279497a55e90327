"""Sets of models beside the shipped one: names, installing all or nothing, and which one runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core import model_folders
from core.errors import ModelError, OutputError
from core.model_folders import (
    SHIPPED,
    checked_name,
    chosen_name,
    current_models,
    install,
    load,
    models_folder,
    names,
    use,
)
from core.models import shipped_models
from core.pipeline import new_diarizer


def files(**changes: bytes) -> dict[str, bytes]:
    """The files of a set that is intact: those of the shipped one."""
    content = {path.name: path.read_bytes() for path in shipped_models().folder.iterdir()}
    return content | {name.replace("_", "."): data for name, data in changes.items()}


@pytest.mark.parametrize("name", ["vgg", "a", "0.1", "my-models_2", "x" * 40, "console"])
def test_names_that_can_be(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "/etc",
        "a..b",
        ".a",
        "a.",
        "-a",
        "VGG",
        "ä",
        "a b",
        "a\n",
        "x" * 41,
        "con",
        "nul.txt",
        "lpt1",
        "C:",
        "a\0",
        SHIPPED,
    ],
)
def test_names_that_can_not_be(name: str) -> None:
    with pytest.raises(ModelError, match="take") as caught:
        checked_name(name)
    assert "\n" not in str(caught.value)
    with pytest.raises(ModelError):
        install(name, files())
    assert not models_folder().exists()
    if name != SHIPPED:
        with pytest.raises(ModelError):
            use(name)


def test_without_a_choice_the_shipped_set_runs() -> None:
    assert chosen_name() == SHIPPED
    assert current_models() == load(SHIPPED) == shipped_models()
    assert names() == []


def test_a_set_is_installed_used_and_left_again() -> None:
    models = install("vgg", files())
    assert models.folder == models_folder() / "vgg"
    assert names() == ["vgg"]
    assert current_models() == shipped_models()
    assert use("vgg") == models
    assert chosen_name() == "vgg"
    assert current_models() == models
    use(SHIPPED)
    assert current_models() == shipped_models()


def test_a_taken_name_needs_replace() -> None:
    install("vgg", files())
    with pytest.raises(ModelError, match="--replace"):
        install("vgg", files(README_md=b"new"))
    assert (models_folder() / "vgg" / "README.md").read_bytes() != b"new"
    install("vgg", files(README_md=b"new"), replace=True)
    assert (models_folder() / "vgg" / "README.md").read_bytes() == b"new"
    assert [path.name for path in models_folder().iterdir()] == ["vgg"]


def test_a_set_that_is_not_intact_is_not_installed() -> None:
    with pytest.raises(ModelError, match=r"uisrnn\.npz"):
        install("vgg", files(uisrnn_npz=b"damaged"))
    assert list(models_folder().iterdir()) == []


@pytest.mark.parametrize("before", [False, True])
def test_a_full_disk_leaves_what_was_there(monkeypatch: pytest.MonkeyPatch, before: bool) -> None:
    if before:
        install("vgg", files())
    written: list[str] = []
    write = model_folders.write_file

    def full(path: Path, data: bytes) -> Path:
        written.append(path.name)
        if len(written) == 3:
            raise OutputError(f"can't write {path}: the disk is full")
        return write(path, data)

    monkeypatch.setattr(model_folders, "write_file", full)
    with pytest.raises(OutputError, match="disk is full"):
        install("vgg", files(), replace=True)
    assert names() == ["vgg"] * before
    assert len(list(models_folder().iterdir())) == before
    if before:
        assert [problem for _, problem in load("vgg").verify_all()] == [None] * 5


def test_a_replacement_that_is_stopped_half_way_leaves_the_old_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install("vgg", files())
    rename = Path.rename

    def stopped(self: Path, target: Path) -> Path:
        if self.suffix == ".new":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        install("vgg", files(README_md=b"new"), replace=True)
    assert [path.name for path in models_folder().iterdir()] == ["vgg"]
    assert (models_folder() / "vgg" / "README.md").read_bytes() != b"new"


def test_a_data_folder_that_takes_nothing() -> None:
    models_folder().parent.mkdir(parents=True)
    models_folder().write_text("in the way")
    with pytest.raises(OutputError, match="can't write the models"):
        install("vgg", files())


def test_only_an_intact_set_can_be_chosen() -> None:
    install("vgg", files())
    with pytest.raises(ModelError, match="there are shipped, vgg"):
        use("other")
    (models_folder() / "vgg" / "ghostvlad.onnx").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"ghostvlad\.onnx"):
        use("vgg")
    assert chosen_name() == SHIPPED


def test_a_chosen_set_that_is_gone_is_said_and_the_shipped_one_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    install("vgg", files())
    use("vgg")
    (models_folder() / "vgg").rename(models_folder() / "elsewhere")
    assert current_models() == shipped_models()
    assert re.search(r"no models 'vgg'.*'voicelanes models use shipped'", caplog.text)
    said: list[str] = []
    assert current_models(said.append) == shipped_models()
    assert len(said) == 1
    assert "no models 'vgg'" in said[0]
    assert "\n" not in said[0]
    use(SHIPPED)
    assert current_models() == shipped_models()


@pytest.mark.parametrize("text", ["", "no", "[]", "{}", '{"use": 5}', "\xff"])
def test_a_damaged_choice_is_said(text: str) -> None:
    use(SHIPPED)
    model_folders._settings().write_bytes(text.encode("latin-1"))
    said: list[str] = []
    assert current_models(said.append) == shipped_models()
    assert len(said) == 1
    assert "models.json doesn't name" in said[0]
    use(SHIPPED)
    assert current_models() == shipped_models()


def test_a_choice_that_leads_out_of_the_folder_is_refused() -> None:
    use(SHIPPED)
    model_folders._settings().write_text('{"use": "../../somewhere"}')
    said: list[str] = []
    assert current_models(said.append) == shipped_models()
    assert "can't name models" in said[0]


def test_the_window_says_that_the_chosen_set_is_gone_and_can_work() -> None:
    from app.workers import prepare_engine

    install("own", files())
    use("own")
    prepare_engine()
    (models_folder() / "own").rename(models_folder() / "elsewhere")
    with pytest.raises(ModelError, match=r"no models 'own'.* until then the shipped ones run"):
        prepare_engine()
    new_diarizer()  # raises nothing


def test_what_to_do_about_damaged_files_of_ones_own() -> None:
    models = install("own", files())
    (models.folder / "uisrnn.npz").write_bytes(b"x")
    (problem,) = [line for _, line in models.verify_all() if line]
    assert "install these models again" in problem
    assert "reinstall Voicelanes" not in problem
    assert shipped_models().remedy == "reinstall Voicelanes"


def test_the_engine_runs_the_chosen_set() -> None:
    own = install("own", files())
    use("own")
    new_diarizer()
    (own.folder / "ghostvlad.onnx").write_bytes(b"x")
    with pytest.raises(ModelError, match=re.escape(str(own.folder / "ghostvlad.onnx"))):
        new_diarizer()


def test_the_command_line_compares_with_the_chosen_set(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from core import cli

    pair = [str(shared / "eval" / "4persons" / f"{name}.wav") for name in ("a_1", "b_1")]
    own = install("own", files())
    use("own")
    (own.folder / "ghostvlad.onnx").write_bytes(b"x")
    assert cli.main(["compare", *pair]) == 1
    assert str(own.folder) in capsys.readouterr().err
    own.folder.rename(own.folder.with_name("elsewhere"))
    assert cli.main(["compare", *pair]) == 0
    assert "until then the shipped ones run" in capsys.readouterr().err
