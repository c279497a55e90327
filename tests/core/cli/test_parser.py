"""The door of the command line: what argparse parsed stays outside, small frozen values go in."""

from pathlib import Path
from typing import NamedTuple

import pytest

from core import cli
from core.cli.parser import Parser, runs


class Food(NamedTuple):
    files: tuple[str, ...]
    track: int | None


class Loudness(NamedTuple):
    loud: bool


@pytest.fixture
def parser():
    parser = Parser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--track", type=int)
    parser.add_argument("--loud", action="store_true")
    return parser


def entered(parser, *words):
    options = parser.parse_args(words)
    return options.run(options)


def test_a_command_gets_the_values_that_it_takes(parser):
    runs(parser, lambda food, loudness: (food, loudness), Food, Loudness)
    food, loudness = entered(parser, "a", "b", "--loud")
    assert (food, loudness) == (Food(("a", "b"), None), Loudness(True))
    with pytest.raises(AttributeError):
        food.track = 2


def test_a_command_that_takes_nothing_gets_nothing(parser):
    runs(parser, lambda: 0)
    assert entered(parser, "a") == 0


def test_no_command_knows_what_argparse_parsed():
    folder = Path(cli.__file__).parent
    knowing = [p.name for p in folder.rglob("*.py") if "Namespace" in p.read_text("utf-8")]
    assert knowing == ["parser.py"]


@pytest.mark.parametrize("words", [
    ("archive", "a", "--out", "b"),
    ("bench", "archive"),
    ("bench", "decoder"),
    ("bench", "file"),
    ("bench", "live"),
    ("bench", "refine"),
    ("bench", "soak"),
    ("compare", "a", "b"),
    ("devices",),
    ("diarize", "a"),
    ("doctor",),
    ("export", "a", "--format", "csv"),
    ("models", "fetch", "vgg"),
    ("models", "import", "--encoder", "a", "--speakers", "b", "--name", "c"),
    ("models", "list"),
    ("models", "use", "a"),
    ("models", "verify"),
    ("record", "--out", "a.wav"),
    ("refine", "a"),
    ("score", "a", "b"),
    ("train", "encoder", "a", "--out", "b"),
    ("train", "segmentation", "a", "--weights", "b", "--out", "c"),
    ("train", "speakers", "a", "--out", "b"),
    ("voices", "add", "a", "b"),
    ("voices", "export", "a"),
    ("voices", "list"),
    ("voices", "merge", "a", "b"),
    ("voices", "remove", "a"),
    ("voices", "rename", "a", "b"),
    ("voices", "renew"),
    ("voices", "test", "a"),
    ("watch", "a", "--out", "b"),
    ("words", "a", "--with", "vosk"),
], ids=" ".join)  # fmt: skip
def test_every_command_gets_its_values(words, monkeypatch):
    """By their names: a field that no option fills would fail here."""
    given = []

    def kept(parser, run, *kinds):
        runs(parser, lambda *values: given.append(values) or 0, *kinds)

    for module in modules():
        monkeypatch.setattr(module, "runs", kept, raising=False)
    assert cli.main(list(words)) == 0
    (values,) = given
    for value in values:
        assert hash(value) is not None, "frozen through and through"


def modules():
    from core.cli.train import encoder, segmentation, speakers

    return (*cli._MODULES, encoder, segmentation, speakers)
