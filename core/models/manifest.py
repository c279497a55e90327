"""The models that run: which files, from where, under which licence, how good, and intact or not.

``manifest.toml`` names every file with its SHA-256. Bytes reach a parser only by way of
:meth:`ModelSet.verified`, which hashes them first.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

from core.errors import ModelError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MANIFEST = "manifest.toml"
FORMAT = 1
"""Version of the manifest that this program reads."""
OPTIONAL = ("edges", "segmentation")
"""Tables of the manifest without which the program's own files are used."""


@dataclass(frozen=True)
class ModelFile:
    """One file of a model folder, as its manifest describes it.

    Parameters
    ----------
    file
        Name inside the folder.
    sha256
        Hash of the whole file, hexadecimal.
    size
        Bytes.
    licence
        SPDX expression or, where none fits, a sentence.
    source
        Where it comes from.
    trained_on
        The data, in a sentence.
    scores
        Measured figures by what was measured; the name holds the unit.
    """

    file: str
    sha256: str
    size: int
    licence: str
    source: str
    trained_on: str
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class EncoderEntry(ModelFile):
    """The speaker encoder: ``window`` and ``hop`` in samples at 16 kHz, ``dim`` of an embedding.

    ``calibration`` says from which similarity on a known voice is named
    (:class:`core.voices.recognition.Limits`); without it none is named for certain.
    """

    window: int = 0
    hop: int = 0
    dim: int = 0
    calibration: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class DecoderEntry(ModelFile):
    """The UIS-RNN over embeddings of ``dim``, and what was changed in it after fitting."""

    dim: int = 0
    calibration: Mapping[str, float] = field(default_factory=dict)


Entry = TypeVar("Entry", bound=ModelFile)


@dataclass(frozen=True)
class ModelSet:
    """The models of one folder. Reading the manifest opens none of the model files."""

    folder: Path
    encoder: EncoderEntry
    decoder: DecoderEntry
    speech: ModelFile
    edges: ModelFile | None = None
    """What places the edges of speech; sets without one use the program's own."""
    segmentation: ModelFile | None = None
    """What hears local voices frame by frame; sets without one use the program's own."""

    @classmethod
    def load(cls, folder: Path) -> ModelSet:
        """Read ``manifest.toml``; :class:`ModelError` when it is missing or not understood."""
        path = folder / MANIFEST
        tables = read_manifest(path)
        if tables.get("format") != FORMAT:
            raise ModelError(
                f"{path} has format {tables.get('format')}, this program reads {FORMAT}: "
                "install the version of Voicelanes that it belongs to"
            )
        encoder = _entry(path, tables, "ghostvlad", EncoderEntry)
        decoder = _entry(path, tables, "uisrnn", DecoderEntry)
        if encoder.dim != decoder.dim:
            raise ModelError(
                f"{path} pairs embeddings of {encoder.dim} with a decoder for {decoder.dim}: "
                "use two models that were trained together"
            )
        speech = _entry(path, tables, "silero", ModelFile)
        edges, segmentation = (
            _entry(path, tables, name, ModelFile) if name in tables else None for name in OPTIONAL
        )
        return cls(folder, encoder, decoder, speech, edges, segmentation)

    @property
    def remedy(self) -> str:
        """What to do when a file of the set is not as it should be."""
        return _remedy(self.folder)

    @property
    def entries(self) -> tuple[ModelFile, ...]:
        """Every file of the set."""
        known = (self.encoder, self.decoder, self.speech, self.edges, self.segmentation)
        return tuple(entry for entry in known if entry)

    def verified(self, entry: ModelFile) -> bytes:
        """The bytes of a file, hashed and found right; else :class:`ModelError` naming the file."""
        path = self.folder / entry.file
        content = _read(path)
        if len(content) != entry.size:
            raise ModelError(
                f"{path} has {len(content)} bytes instead of {entry.size}: "
                f"it is cut or replaced, {self.remedy}"
            )
        found = hashlib.sha256(content).hexdigest()
        if found != entry.sha256.lower():
            raise ModelError(
                f"{path} is not the file that the manifest names (sha256 {found[:12]}... instead "
                f"of {entry.sha256[:12]}...): {self.remedy}"
            )
        return content

    def own_or_shipped(self, table: Literal["edges", "segmentation"]) -> bytes:
        """The bytes of a file that a set needn't have: its own, or the program's.

        Raises
        ------
        ModelError
            If the file is missing or damaged.
        """
        owner = self if getattr(self, table) else shipped_models()
        entry: ModelFile | None = getattr(owner, table)
        if entry is None:
            raise ModelError(f"{owner.folder} has no [{table}]: {owner.remedy}")
        return owner.verified(entry)

    def verify_all(self) -> list[tuple[ModelFile, str | None]]:
        """Each file with what is wrong with it, or None."""
        return [(entry, self._problem(entry)) for entry in self.entries]

    def _problem(self, entry: ModelFile) -> str | None:
        try:
            self.verified(entry)
        except ModelError as error:
            return str(error)
        return None


def shipped_models() -> ModelSet:
    """The models that come with the program: ``models/`` beside ``core/``, checkout or wheel."""
    return ModelSet.load(_SHIPPED)


_SHIPPED = Path(__file__).resolve().parents[2] / "models"


def _remedy(folder: Path) -> str:
    """Those that ship come with the program; others were imported or trained by the user."""
    if folder.resolve() == _SHIPPED:
        return "reinstall Voicelanes"
    return (
        "install these models again ('voicelanes models import' or 'fetch' with --replace), "
        "or go back by 'voicelanes models use shipped'"
    )


def read_manifest(path: Path) -> dict[str, Any]:
    """The tables of a ``manifest.toml`` as they stand there, unchecked."""
    try:
        return tomllib.loads(_read(path).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} is damaged ({error}): {_remedy(path.parent)}") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"{path} is missing: {_remedy(path.parent)}") from None
    except OSError as error:
        raise ModelError(f"{path} can't be read ({error.strerror}): check its rights") from error


def _entry(path: Path, tables: Mapping[str, Any], name: str, kind: type[Entry]) -> Entry:
    """The table ``[name]`` as a ``kind``, every field of it there and of the right type."""
    table = tables.get(name)
    if not isinstance(table, dict):
        raise ModelError(f"{path} has no [{name}]: {_remedy(path.parent)}")
    types = {"str": str, "int": int, "Mapping[str, float]": dict}
    for item in fields(kind):
        wanted = types[str(item.type)]
        value = table.get(item.name, {} if wanted is dict else None)
        if type(value) is not wanted or value == 0:
            raise ModelError(
                f"{path}: [{name}] {item.name} is missing or wrong: {_remedy(path.parent)}"
            )
    if Path(table["file"]).name != table["file"]:
        raise ModelError(f"{path}: [{name}] file must be a plain file name")
    return kind(**{item.name: table[item.name] for item in fields(kind) if item.name in table})
