"""The arrays of a UIS-RNN and its network step, without torch.

The network is the ``CoreRNN`` of the ``uisrnn`` package (Zhang et al. 2019, arXiv 1810.04719,
section 3): a GRU of depth 1 followed by two linear layers with a ReLU between them. It maps the
embeddings that a speaker has produced so far to the mean of the next one.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Array
from core.atomic import write_file
from core.errors import ModelError

# field -> name in the file (those of the package's state dict)
_NAMES = {
    "gru_w_ih": "gru.weight_ih_l0",
    "gru_w_hh": "gru.weight_hh_l0",
    "gru_b_ih": "gru.bias_ih_l0",
    "gru_b_hh": "gru.bias_hh_l0",
    "w1": "linear_mean1.weight",
    "b1": "linear_mean1.bias",
    "w2": "linear_mean2.weight",
    "b2": "linear_mean2.bias",
    "h0": "h0",
    "sigma2": "sigma2",
    "transition_bias": "transition_bias",
    "crp_alpha": "crp_alpha",
}
_SCALARS = ("transition_bias", "crp_alpha")
# BLAS multiplies blocks of columns: five cost more than eight (measured), so pad to these.
_COLUMN_BLOCK = 4


@dataclass(frozen=True, eq=False)
class UISRNNModel:
    """A UIS-RNN; D is the size of an embedding, H that of the hidden state.

    All arrays are float32. The gates of the GRU come in torch's order: reset, update, new.

    Raises
    ------
    ModelError
        On arrays that don't fit together, values that are not finite, a ``sigma2`` or
        ``crp_alpha`` that is not positive, or a ``transition_bias`` outside 0..1 (exclusive).
    """

    gru_w_ih: Array  # (3 H, D)
    gru_w_hh: Array  # (3 H, H)
    gru_b_ih: Array  # (3 H,)
    gru_b_hh: Array  # (3 H,)
    w1: Array  # (H, H)
    b1: Array  # (H,)
    w2: Array  # (D, H)
    b2: Array  # (D,)
    h0: Array  # (H,), the hidden state of a speaker nobody has heard
    sigma2: Array  # (D,), variance of an embedding about its speaker's mean
    transition_bias: float  # probability that the next embedding is another speaker's
    crp_alpha: float  # weight of a new speaker beside the turn counts of the known ones

    def __post_init__(self) -> None:
        for name in _NAMES:
            value = getattr(self, name)
            if name in _SCALARS:
                object.__setattr__(self, name, float(value))
            else:
                array = np.ascontiguousarray(value, dtype=np.float32)
                object.__setattr__(self, name, array.reshape(-1) if name == "h0" else array)
            if not np.all(np.isfinite(getattr(self, name))):
                raise ModelError(f"The UIS-RNN has values in {name} that are not finite: {_ADVICE}")
        hidden, dim = self.h0.size, self.sigma2.size
        shapes = {
            "gru_w_ih": (3 * hidden, dim),
            "gru_w_hh": (3 * hidden, hidden),
            "gru_b_ih": (3 * hidden,),
            "gru_b_hh": (3 * hidden,),
            "w1": (hidden, hidden),
            "b1": (hidden,),
            "w2": (dim, hidden),
            "b2": (dim,),
            "sigma2": (dim,),
        }
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ModelError(
                    f"The UIS-RNN's {name} has shape {getattr(self, name).shape}, not {shape}: "
                    + _ADVICE
                )
        if not 0.0 < self.transition_bias < 1.0:
            raise ModelError(
                f"The UIS-RNN's transition_bias is {self.transition_bias:g}, so one speaker could "
                "never change or never stay; train on conversations that have both"
            )
        if not self.crp_alpha > 0.0:
            raise ModelError(
                f"The UIS-RNN's crp_alpha is {self.crp_alpha:g}; it has to be positive"
            )
        if not np.all(self.sigma2 > 0.0):
            raise ModelError(f"The UIS-RNN's sigma2 is not positive everywhere: {_ADVICE}")

    @property
    def dim(self) -> int:
        """Size of an embedding, D."""
        return int(self.sigma2.size)

    @property
    def hidden_size(self) -> int:
        """Size of the GRU's state, H."""
        return int(self.h0.size)

    @cached_property
    def precision(self) -> Array:
        """Weights of the squared differences, ``1 / (2 sigma2)``, (D,) float32."""
        return np.float32(1.0) / (np.float32(2.0) * self.sigma2)

    @cached_property
    def newcomer(self) -> tuple[Array, Array]:
        """Mean (D,) and hidden state (H,) of a speaker nobody has heard: ``h0`` fed with zeros."""
        mean, hidden = self.step(np.zeros(self.dim, np.float32), self.h0[None])
        return mean[0], hidden[0]

    def step(self, embedding: Array, hidden: Array) -> tuple[Array, Array]:
        """Feed one embedding (D,) to R states (R, H): the outputs (R, D), the new states (R, H).

        The embedding meets ``gru_w_ih`` once for all of them.
        """
        rows, size = hidden.shape
        columns = rows if rows == 1 else -(-rows // _COLUMN_BLOCK) * _COLUMN_BLOCK
        state = np.zeros((size, columns), np.float32)
        state[:, :rows] = hidden.T
        from_input = (self.gru_w_ih @ embedding + self.gru_b_ih)[:, None]
        from_state = self.gru_w_hh @ state
        from_state += self.gru_b_hh[:, None]

        # sigmoid(a) = (1 + tanh(a / 2)) / 2 has no overflow to warn of
        gates = from_state[: 2 * size]
        gates += from_input[: 2 * size]
        gates *= 0.5
        np.tanh(gates, out=gates)
        gates *= 0.5
        gates += 0.5
        new = from_state[2 * size :]
        new *= gates[:size]
        new += from_input[2 * size :]
        np.tanh(new, out=new)
        state -= new
        state *= gates[size:]
        state += new

        inner = self.w1 @ state
        inner += self.b1[:, None]
        np.maximum(inner, 0.0, out=inner)
        output = self.w2 @ inner
        output += self.b2[:, None]
        return output.T[:rows], state.T[:rows]

    @classmethod
    def from_npz(cls, source: bytes | Path | str) -> UISRNNModel:
        """Read a model from the bytes or the path of an npz file; pickled arrays are refused.

        Raises
        ------
        ModelError
            The file is missing, damaged, incomplete or of another kind.
        """
        name = "the UIS-RNN" if isinstance(source, bytes) else str(source)
        try:
            stream = io.BytesIO(source) if isinstance(source, bytes) else Path(source)
            with np.load(stream, allow_pickle=False) as file:
                arrays = {key: file[key] for key in file.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError, TypeError) as e:
            raise ModelError(f"Can't read {name} as a UIS-RNN ({_line(e)}): {_ADVICE}") from e
        missing = sorted(set(_NAMES.values()) - set(arrays))
        if missing:
            raise ModelError(f"{name} has no {missing[0]}, so it is no UIS-RNN: {_ADVICE}")
        if "gru.weight_ih_l1" in arrays:
            raise ModelError(f"{name} has a GRU of several layers; only depth 1 can be decoded")
        try:
            return cls(**{field: arrays[key] for field, key in _NAMES.items()})
        except (TypeError, ValueError) as e:
            raise ModelError(f"{name} has arrays of another kind ({_line(e)}): {_ADVICE}") from e

    def save(self, path: Path | str) -> None:
        """Write the layout that :meth:`from_npz` reads, in one step.

        Raises
        ------
        OutputError
            The file can't be written.
        """
        arrays: dict[str, Any] = {key: getattr(self, field) for field, key in _NAMES.items()}
        arrays["h0"] = self.h0.reshape(1, 1, -1)  # the package's (depth, batch, H)
        content = io.BytesIO()
        np.savez(content, **arrays)
        write_file(path, content.getvalue())


_ADVICE = "fetch the model file again, or train it again"


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


assert tuple(field.name for field in fields(UISRNNModel)) == tuple(_NAMES)
