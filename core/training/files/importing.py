"""The published network's weights, as the seed loads them, into a set of models that runs here.

Two files: the encoder as Keras 2 wrote its weights (HDF5, by layer name) and the UIS-RNN as the
``uisrnn`` package saved it with torch. Neither is trusted: of the first only arrays of the expected
shapes are read, the second is unpickled by torch's restricted reader with a list of the few numpy
types that such a file holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.atomic import why_not
from core.errors import InputError, ModelError
from core.models.fetching import PUBLISHED, PublishedFile, blob_id
from core.models.folders import free_name, install
from core.models.manifest import FORMAT, MANIFEST, ModelFile, ModelSet, shipped_models
from core.training import require
from core.training.config import Arrays, NetworkConfig, published_config
from core.training.files.export import npz_bytes
from core.training.files.onnx_graph import build_onnx
from core.uisrnn.model import UISRNNModel

WINDOW, HOP = 25840, 8000
"""Samples. The seed cuts windows of its own choice (0.83 s, by default); the network takes any
length and does better on 1.6 s, so imported models run on the windows of the shipped ones."""

_PARTS = {
    "kernel": "kernel",
    "bias": "bias",
    "gamma": "gamma",
    "beta": "beta",
    "mean": "moving_mean",
    "variance": "moving_variance",
    "centers": "centers",
}
_LAYERS = {
    "stem": "conv1_1/3x3_s1",
    "features": "x_fc",
    "assignment": "gvlad_center_assignment",
    "vlad": "gvlad_pool",
    "embedding": "fc6",
}
_IN_BLOCK = {
    "conv1": "1x1_reduce",
    "conv2": "3x3",
    "conv3": "1x1_increase",
    "shortcut": "1x1_proj",
}
_IGNORED = ("prediction",)
"""The classifier over the training speakers."""

_UISRNN = (
    "rnn_state_dict",
    "rnn_init_hidden",
    "transition_bias",
    "crp_alpha",
    "sigma2",
)


def keras_name(name: str) -> tuple[str, str]:
    """Layer and weight in the seed's network that hold the array ``name`` of ours."""
    *path, part = name.split("/")
    suffix = ""
    if path[-1] == "bn":
        path.pop()
        suffix = "/bn"
    if path[0].startswith("stage"):
        number, letter = path[0][len("stage") : -1], path[0][-1]
        layer = f"conv{number}_{letter}_{_IN_BLOCK[path[1]]}"
    else:
        layer = _LAYERS[path[0]]
    return layer + suffix, _PARTS[part]


def read_keras(path: Path, config: NetworkConfig) -> Arrays:
    """The arrays for ``config`` from a Keras 2 weight file (``.h5``).

    Raises
    ------
    MissingExtraError
        The ``[train]`` extra isn't installed.
    InputError
        The file can't be read.
    ModelError
        It holds another network: a layer, a weight or a shape differs.
    """
    require("h5py")
    import h5py

    _readable(path)
    try:
        with h5py.File(path, "r") as file:
            root = file.get("model_weights", file)
            found = dict(_layers(path, root))
            return _match(path, found, config)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        raise ModelError(
            f"{path} is no weight file of Keras 2 ({_line(error)}): give weights.h5"
        ) from error


def _layers(path: Path, root: Any) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Each layer that has weights: their names and data sets, in Keras' order."""
    for layer in _names(root, "layer_names"):
        weights = _names(root[layer], "weight_names")
        if weights and layer not in _IGNORED:
            yield layer, [(weight, root[layer][weight]) for weight in weights]


def _names(group: Any, attribute: str) -> list[str]:
    return [
        name.decode("utf-8") if isinstance(name, bytes) else str(name)
        for name in group.attrs[attribute]
    ]


def _match(path: Path, found: dict[str, list[tuple[str, Any]]], config: NetworkConfig) -> Arrays:
    wanted: dict[str, list[tuple[str, str]]] = {}
    shapes = config.shapes()
    for name in shapes:
        layer, part = keras_name(name)
        wanted.setdefault(layer, []).append((part, name))
    if odd := sorted(wanted.keys() ^ found.keys()):
        what = "lacks the layer" if odd[0] in wanted else "has an unknown layer"
        raise ModelError(f"{path} {what} {odd[0]}: it belongs to another network")
    arrays: Arrays = {}
    for layer, parts in wanted.items():
        if len(found[layer]) != len(parts):
            raise ModelError(
                f"{path}: the layer {layer} has {len(found[layer])} weights instead of "
                f"{len(parts)}: it belongs to another network"
            )
        # Keras itself goes by their order; a name that is known but elsewhere is a mix-up.
        for (part, name), (stored, data) in zip(parts, found[layer], strict=True):
            last = stored.rpartition("/")[2].partition(":")[0]
            if last in _PARTS.values() and last != part:
                raise ModelError(f"{path}: the layer {layer} has {last} where {part} belongs")
            if data.shape != shapes[name] or data.dtype.kind != "f":
                raise ModelError(
                    f"{path}: {part} of the layer {layer} is {data.dtype} {data.shape} instead of "
                    f"float32 {shapes[name]}: it belongs to another network"
                )
            array = np.asarray(data[()], np.float32)
            if not np.isfinite(array).all() or (part == "moving_variance" and (array < 0).any()):
                raise ModelError(f"{path}: {part} of the layer {layer} has impossible values")
            arrays[name] = array
    return {name: arrays[name] for name in shapes}


def read_uisrnn(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a UIS-RNN that the ``uisrnn`` package saved, by the names of our ``.npz``.

    Raises
    ------
    MissingExtraError
        The ``[train]`` extra isn't installed.
    InputError
        The file can't be read.
    ModelError
        It holds something else, or a type that no such file needs.
    """
    require("torch")
    import torch

    _readable(path)
    try:
        with torch.serialization.safe_globals(_allowed()):
            stored = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises nearly anything for a file that isn't its own
        reason = _line(error).partition(". ")[0][:200]
        raise ModelError(
            f"{path} is no UIS-RNN that can be read safely ({reason}): give the file that "
            "uisrnn saved"
        ) from error
    if not isinstance(stored, Mapping) or not isinstance(stored.get(_UISRNN[0]), Mapping):
        raise ModelError(f"{path} holds no UIS-RNN: give the file that uisrnn saved")
    if missing := [name for name in _UISRNN if name not in stored]:
        raise ModelError(f"{path} lacks {missing[0]}: give the file that uisrnn saved")
    try:
        arrays = {
            str(name): np.asarray(value, np.float32)
            for name, value in stored["rnn_state_dict"].items()
        }
        arrays["h0"] = np.asarray(stored["rnn_init_hidden"], np.float32)
        arrays["sigma2"] = np.asarray(stored["sigma2"], np.float32)
        for name in ("transition_bias", "crp_alpha"):
            arrays[name] = np.array(float(stored[name]))
    except (TypeError, ValueError) as error:
        raise ModelError(f"{path} has arrays of another kind ({_line(error)})") from error
    try:
        UISRNNModel.from_npz(npz_bytes(arrays))
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error
    return arrays


def _allowed() -> list[Any]:
    """What numpy's arrays and scalars are rebuilt with, under the names old and new files use."""
    core = np.array(0.0).__reduce__()[0].__module__  # numpy._core.multiarray since numpy 2
    rebuild, scalar = np.array(0.0).__reduce__()[0], np.float64(0).__reduce__()[0]
    allowed: list[Any] = [np.ndarray, np.dtype]
    for module in ("numpy.core.multiarray", "numpy._core.multiarray", core):
        allowed += [(rebuild, f"{module}._reconstruct"), (scalar, f"{module}.scalar")]
    return allowed + [type(np.dtype(kind)) for kind in ("f4", "f8", "i4", "i8")]


def import_models(
    encoder: Path,
    decoder: Path,
    name: str,
    *,
    replace: bool = False,
    config: NetworkConfig | None = None,
) -> ModelSet:
    """Install the two files as a set called ``name``; nothing is written unless all of it is right.

    Raises
    ------
    MissingExtraError
        The ``[train]`` extra isn't installed.
    InputError
        A file can't be read.
    ModelError
        A file holds something else, the two don't fit together, or the name is taken.
    OutputError
        The set can't be written.
    """
    require("h5py", "torch", "onnx")
    free_name(name, replace=replace)
    config = config or published_config()
    weights = read_keras(encoder, config)
    arrays = read_uisrnn(decoder)
    if len(arrays["sigma2"]) != config.embedding:
        raise ModelError(
            f"{decoder} is for embeddings of {len(arrays['sigma2'])}, {encoder} makes "
            f"{config.embedding}: give two that were trained together"
        )
    shipped = shipped_models()
    speech = shipped.verified(shipped.speech)
    files = {
        "ghostvlad.onnx": build_onnx(config, weights),
        "uisrnn.npz": npz_bytes(arrays),
        shipped.speech.file: speech,
    }
    licence = (shipped.folder / shipped.speech.file).with_suffix(".LICENSE")
    files[licence.name] = licence.read_bytes()
    windows = {"window": WINDOW, "hop": HOP, "dim": config.embedding}
    tables = {
        "ghostvlad": {**_entry("ghostvlad.onnx", files, _origin(encoder)), **windows},
        "uisrnn": {
            **_entry("uisrnn.npz", files, _origin(decoder)),
            "dim": config.embedding,
        },
        "silero": _entry(shipped.speech.file, files, shipped.speech),
    }
    files[MANIFEST] = _manifest(tables).encode("utf-8")
    return install(name, files, replace=replace)


def _origin(path: Path) -> PublishedFile:
    """What is known of a file: by its content if it is a published one."""
    blob = blob_id(path)
    for published in PUBLISHED.values():
        for file in published.files:
            if file.blob == blob:
                return file
    unknown = "not stated: ask whoever made the file that this was imported from"
    return PublishedFile(path.name, blob, unknown, f"{path.name}, git blob {blob}", unknown)


def _entry(
    file: str, files: Mapping[str, bytes], origin: PublishedFile | ModelFile
) -> dict[str, str | int]:
    return {
        "file": file,
        "sha256": hashlib.sha256(files[file]).hexdigest(),
        "size": len(files[file]),
        "licence": origin.licence,
        "source": origin.source,
        "trained_on": origin.trained_on,
    }


def _manifest(tables: Mapping[str, Mapping[str, str | int]]) -> str:
    lines = ["# Written by voicelanes models import.", f"format = {FORMAT}"]
    for table, values in tables.items():
        # What JSON escapes in a string, TOML reads the same way; DEL alone it doesn't escape.
        lines += ["", f"[{table}]"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join(lines).replace("\x7f", "\\u007f") + "\n"


def _readable(path: Path) -> None:
    try:
        with open(path, "rb"):
            pass
    except OSError as error:
        raise InputError(f"can't read {path}: {why_not(error)}") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
