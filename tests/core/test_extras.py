import json
import shlex
import sys
import types
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from core import extras
from core.errors import MissingExtraError

ROOT = Path(__file__).resolve().parents[2]
PIP = [sys.executable, "-m", "pip", "install"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="quotes otherwise there")


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """An installation without a checkout; what it was installed from is what the test says."""
    monkeypatch.setattr(extras, "_ROOT", tmp_path / "site-packages")
    noted = types.SimpleNamespace(text=None)
    requires = metadata.requires("voicelanes")
    monkeypatch.setattr(
        extras.metadata,
        "distribution",
        lambda name: types.SimpleNamespace(read_text=lambda file: noted.text, requires=requires),
    )
    return noted


@pytest.mark.parametrize("extra", ["archive", "train", "words"])
def test_an_extra_is_what_pyproject_says(extra):
    marked = [Requirement(text) for text in metadata.requires("voicelanes")]
    names = {
        one.name.removesuffix("-cpu").replace("-", "_")
        for one in marked
        if one.marker is not None and f'extra == "{extra}"' in str(one.marker)
    }
    assert names == set(extras.MODULES[extra])


def test_in_a_checkout_it_is_installed_again_from_wherever_one_is():
    assert shlex.split(extras.how_to_add("train")) == [*PIP, "-e", f"{ROOT}[train]"]


def test_without_a_checkout_it_is_installed_again_from_where_it_came(elsewhere, tmp_path):
    source = tmp_path / "my downloads"
    source.mkdir()
    elsewhere.text = json.dumps({"url": source.as_uri(), "dir_info": {}})
    assert shlex.split(extras.how_to_add("archive")) == [*PIP, f"{source}[archive]"]
    wheel = source / "voicelanes-0.1.0-py3-none-any.whl"
    wheel.touch()
    elsewhere.text = json.dumps({"url": wheel.as_uri(), "archive_info": {}})
    assert shlex.split(extras.how_to_add("archive")) == [*PIP, f"{wheel}[archive]"]


@pytest.mark.parametrize("noted", ["gone", "elsewhere", None])
def test_if_that_is_gone_its_packages_are_named(elsewhere, tmp_path, noted):
    urls = {"gone": (tmp_path / "gone").as_uri(), "elsewhere": "https://example.org/v.whl"}
    elsewhere.text = json.dumps({"url": urls[noted]}) if noted else None
    command = shlex.split(extras.how_to_add("archive"))
    assert command[:4] == PIP
    assert [Requirement(text).name for text in command[4:]] == [
        "cryptography",
        "distributed",
        "fsspec",
        "pyarrow",
    ]
    assert "voicelanes" not in " ".join(command[4:]), "anybody could register that name"
    assert "checkout" not in extras.how_to_add("archive")


def test_a_program_made_of_one_file_is_not_told_to_use_pip(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "pip" not in extras.how_to_add("archive")


def test_what_needs_it_and_how_to_get_it_is_one_line():
    error = extras.missing_extra("archive", "folders need Dask")
    assert isinstance(error, MissingExtraError)
    assert str(error) == f"folders need Dask: {extras.how_to_add('archive')}"
    assert "\n" not in str(error)
