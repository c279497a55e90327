"""``voicelanes models``: what runs, where it comes from, whether it is intact; and other models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.cli.output import say, show
from core.cli.parser import UsageError, command, runs

if TYPE_CHECKING:
    from core.cli.parser import Commands, Parser
    from core.models.fetching import OnBytes
    from core.models.manifest import ModelFile, ModelSet

_MORE = """\
'list' shows every model file with its licence, training data and scores, and which set is in use.
'verify' compares each file with the SHA-256 in its manifest, as every start does.
'import' makes a set of the published GhostVLAD weights and a UIS-RNN (needs the [train] install);
'fetch' downloads the published pair and imports it: the one command that uses the network.
'use' chooses the set that runs; 'use shipped' goes back to the one that came with Voicelanes."""

_EXAMPLES = """\
  voicelanes models list
  voicelanes models verify
  voicelanes models import --encoder weights.h5 --speakers saved_model.uisrnn_benchmark --name vgg
  voicelanes models fetch vgg
  voicelanes models use vgg
"""


class _Import(NamedTuple):
    encoder: Path
    speakers: Path
    name: str
    replace: bool


class _Fetch(NamedTuple):
    published: str
    replace: bool


class _Use(NamedTuple):
    name: str


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "models", "show, check, add or choose models", _MORE, _EXAMPLES)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    runs(actions.add_parser("list", help="show all models"), _list)
    runs(actions.add_parser("verify", help="compare all files with their hashes"), _verify)
    imported = actions.add_parser("import", help="make a set of the published network's files")
    imported.add_argument(
        "--encoder", required=True, type=Path, metavar="FILE", help="weights.h5 of Keras 2"
    )
    imported.add_argument(
        "--speakers", required=True, type=Path, metavar="FILE", help="what uisrnn saved by torch"
    )
    imported.add_argument("--name", required=True, help="what the set is to be called")
    _replaces(imported)
    runs(imported, _import, _Import)
    fetched = actions.add_parser("fetch", help="download and import published models")
    fetched.add_argument("published", metavar="NAME", help="which; there is vgg")
    _replaces(fetched)
    runs(fetched, _fetch, _Fetch)
    used = actions.add_parser("use", help="choose the set that runs")
    used.add_argument("name", metavar="NAME", help="a set that 'list' shows, or shipped")
    runs(used, _use, _Use)


def _replaces(parser: Parser) -> None:
    parser.add_argument("--replace", action="store_true", help="take the place of a set so called")


def _sets() -> Iterator[tuple[str, ModelSet | str]]:
    """Every set by name; in place of one that can't be read, why."""
    from core.errors import ModelError
    from core.models import folders

    for name in (folders.SHIPPED, *folders.names()):
        try:
            yield name, folders.load(name)
        except ModelError as error:
            yield name, str(error)


def _list() -> int:
    from core.models.folders import chosen_name

    code = 0
    chosen, sets = chosen_name(), dict(_sets())
    for name, models in sets.items():
        show(f"{name}{' (in use)' if name == chosen else ''}")
        if isinstance(models, str):
            say(models)
            code = 1
            continue
        for entry in models.entries:
            show(f"  {entry.file}")
            for label, text in _facts(entry):
                show(f"    {label:11}{text}")
        show(f"  in {models.folder}")
    if chosen not in sets:
        say(f"the models in use, {chosen!r}, are gone; 'voicelanes models use shipped' goes back")
        code = 1
    return code


def _facts(entry: ModelFile) -> list[tuple[str, str]]:
    facts = [
        ("size", f"{entry.size / 1e6:.1f} MB"),
        ("sha256", entry.sha256),
        ("licence", entry.licence),
        ("source", entry.source),
        ("trained on", entry.trained_on),
    ]
    facts += [("score", f"{name}: {value:g}") for name, value in entry.scores.items()]
    return [(label, " ".join(text.split())) for label, text in facts if text]


def _verify() -> int:
    from core.models.folders import SHIPPED

    code = 0
    for name, models in _sets():
        if isinstance(models, str):
            say(models)
            code = 1
            continue
        for entry, problem in models.verify_all():
            file = entry.file if name == SHIPPED else f"{name}/{entry.file}"
            show(f"{file}: {'damaged' if problem else 'ok'}")
            if problem:
                say(problem)
                code = 1
    return code


def _import(given: _Import) -> int:
    from core.training.files.importing import import_models

    models = import_models(given.encoder, given.speakers, given.name, replace=given.replace)
    _installed(given.name, models)
    return 0


def _fetch(given: _Fetch) -> int:
    import shutil

    from core.models.fetching import PUBLISHED, downloads_folder, fetch
    from core.models.folders import free_name
    from core.training import require
    from core.training.files.importing import import_models

    name = given.published
    if name not in PUBLISHED:
        raise UsageError(f"{name!r} can't be fetched; there is {', '.join(PUBLISHED)}")
    require("h5py", "torch", "onnx")  # before anything is downloaded for nothing
    free_name(name, replace=given.replace)
    published, folder = PUBLISHED[name], downloads_folder(name)
    with _bytes_bar() as on_bytes:
        encoder, decoder = (
            fetch(file, published.base, folder, on_bytes) for file in published.files
        )
    models = import_models(encoder, decoder, name, replace=given.replace)
    shutil.rmtree(folder, ignore_errors=True)
    _installed(name, models)
    return 0


def _use(given: _Use) -> int:
    from core.models.folders import use

    show(f"{given.name} is in use from now on, from {use(given.name).folder}")
    return 0


def _installed(name: str, models: ModelSet) -> None:
    show(f"{name} is installed in {models.folder}")
    show(f"  encoder: {models.encoder.licence}")
    show(f"  speakers: {models.decoder.licence}")
    show(f"'voicelanes models use {name}' lets it run")


@contextmanager
def _bytes_bar() -> Iterator[OnBytes]:
    """A bar on standard error that counts bytes."""
    import sys

    from tqdm import tqdm

    with tqdm(unit="B", unit_scale=True, leave=False, file=sys.stderr) as bar:

        def on_bytes(name: str, have: int, total: int | None) -> None:
            bar.set_description_str(name, refresh=False)
            bar.total = total
            bar.update(have - bar.n)

        yield on_bytes
