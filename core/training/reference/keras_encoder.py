"""The reference engine (``--engine keras``): the Keras network on TensorFlow, `uisrnn` on torch.

Slower than what ships and far larger; it is there to hold the fast engine to. Both read the same
two files of ``models/``. Turns are the same where the fast decoder isn't told of local voices, of
which the package knows nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import numpy as np

from core.arrays import Array
from core.errors import ModelError
from core.models.manifest import ModelSet
from core.stream.encoder import Columns, heard_of
from core.stream.features import BINS, normalise, spectrogram
from core.training import require
from core.training.files.onnx_graph import read_onnx


def start_tensorflow() -> None:
    """Import Keras on TensorFlow; without it, or with Keras on another backend: an error.

    Raises
    ------
    MissingExtraError
        The ``[train]`` extra isn't installed.
    ModelError
        This process already runs Keras on another backend, which can't be changed.
    """
    require("tensorflow", "keras", "onnx")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras

    if (backend := keras.backend.backend()) != "tensorflow":
        raise ModelError(
            f"the reference engine runs Keras on TensorFlow, but this process already runs it on "
            f"{backend}: start it in a process of its own"
        )


class KerasEncoder:
    """:class:`core.stream.encoder.Encoder` by the Keras network, filled from the ONNX file that
    ships.

    Raises
    ------
    MissingExtraError
        The ``[train]`` extra isn't installed.
    ModelError
        The model file, or the backend that Keras already runs on, is not right.
    """

    def __init__(self, models: ModelSet) -> None:
        start_tensorflow()
        import keras
        import tensorflow as tf

        from core.training.encoder.network import build_network, load_arrays

        entry = models.encoder
        self.window, self.hop, self.dim = entry.window, entry.hop, entry.dim
        config, arrays = read_onnx(models.verified(entry))
        self.recognition = config.embedding if config.lda else 0
        network = build_network(config)
        load_arrays(network, config, arrays)
        # Traced once, and a row never depends on how many come with it.
        shape = tf.TensorSpec((1, BINS, None), tf.float32)
        self._network = tf.function(
            lambda spectrogram: keras.tree.flatten(network(spectrogram, training=False)),
            input_signature=[shape],
        )

    def embed(self, windows: Array, columns: Sequence[Columns] | None = None) -> Array:
        """See :meth:`core.stream.encoder.Encoder.embed`."""
        rows = np.empty((len(windows), self.dim + self.recognition), np.float32)
        for row, window in enumerate(windows):
            heard = heard_of(normalise(spectrogram(window)), columns[row] if columns else None)
            rows[row] = np.concatenate(self._network(heard[np.newaxis]), axis=1)[0]
        return rows
