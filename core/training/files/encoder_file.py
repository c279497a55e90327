"""An encoder that is in no set of models yet: what ``train encoder`` wrote, or a baseline."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.atomic import why_not
from core.errors import ModelError
from core.stream.encoder import Columns, OnnxEncoder, VoiceEncoder
from core.training.config import Arrays
from core.training.files.export import CONFIGS, read_arrays
from core.training.files.onnx_graph import build_onnx
from core.training.files.teachers import FrameTeacher, open_teacher

_AT_ONCE = 64


@dataclass(frozen=True)
class Loose:
    """An encoder that belongs to nothing else.

    Parameters
    ----------
    identity
        A name that changes with its weights and windows.
    size
        Which of :data:`core.training.files.export.CONFIGS` it is, where its arrays tell.
    """

    encoder: VoiceEncoder
    identity: str
    size: str = ""


def load_encoder(path: Path, window: int, hop: int) -> Loose:
    """The encoder in a file: ``encoder.npz`` of a training, ``.onnx``, or a teacher's wheel.

    Parameters
    ----------
    window, hop
        Samples of its windows, which no such file says.

    Raises
    ------
    InputError, ModelError
        The file can't be read, or holds something else.
    MissingExtraError
        What its kind needs of ``[train]`` isn't installed.
    """
    if path.suffix == ".whl":
        teacher = open_teacher(path)
        return Loose(WheelEncoder(teacher, window, hop), f"{teacher.name} {window} {hop}")
    size = ""
    if path.suffix == ".npz":
        size, content = _onnx(path)
    else:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelError(f"can't read {path}: {why_not(error)}") from error
    encoder = OnnxEncoder.of_bytes(content, window, hop)
    return Loose(encoder, f"{hashlib.sha256(content).hexdigest()} {window} {hop}", size)


def _onnx(path: Path) -> tuple[str, bytes]:
    """Size and ONNX of the network whose arrays the file has, whichever size it is."""
    arrays: Arrays = read_arrays(path)
    shapes = {name: array.shape for name, array in arrays.items()}
    for size, make in CONFIGS.items():
        config = make()
        if config.shapes() == shapes:
            return size, build_onnx(config, arrays)
    raise ModelError(f"{path} holds no network of this program: give encoder.npz of a training")


class WheelEncoder:
    """:class:`core.stream.encoder.Encoder` by a teacher, to compare with."""

    def __init__(self, teacher: FrameTeacher, window: int, hop: int) -> None:
        self._teacher = teacher
        self.window, self.hop, self.dim = window, hop, teacher.dim

    def embed(self, windows: Array, columns: Sequence[Columns] | None = None) -> Array:
        """See :meth:`core.stream.encoder.VoiceEncoder.embed`; rows may differ by rounding between
        batches, and parts of windows are repeated to the length of whole ones."""
        embeddings = np.empty((len(windows), self.dim), np.float32)
        for start in range(0, len(windows), _AT_ONCE):
            part = windows[start : start + _AT_ONCE]
            frames = np.stack([self._teacher.features(window) for window in part])
            if columns is not None:
                for row, heard in zip(frames, columns[start : start + len(part)], strict=True):
                    row[:] = row[np.resize(np.minimum(heard, len(row) - 1), len(row))]
            embeddings[start : start + len(part)] = self._teacher.embed(frames)
        return embeddings
