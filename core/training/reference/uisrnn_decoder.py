"""The ``uisrnn`` package as a decoder: what ``--engine keras`` labels with, and the test oracle.

The package predicts whole sequences only. :class:`ReferenceDecoder` runs its scoring and its beam
update one embedding at a time, so that it fits where :class:`core.uisrnn.decoder.Decoder` does;
:func:`reference_decode` calls the package's own ``predict``. Both need the extra ``[train]``, and
both slow down as a sequence grows, because the package recounts all its labels.
"""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from core.training import require
from core.uisrnn.decoder import Decoded, LocalVoice, unusable
from core.uisrnn.model import UISRNNModel


def packages() -> tuple[Any, Any]:
    """The modules torch and uisrnn.

    Raises
    ------
    MissingExtraError
        One of them is not installed.
    """
    require("torch", "uisrnn")
    import torch
    import uisrnn

    return torch, uisrnn


def package_model(model: UISRNNModel) -> Any:
    """The model as a ``uisrnn.UISRNN`` on the CPU, made from the arrays: no file, no pickle."""
    torch, uisrnn = packages()
    twin = uisrnn.UISRNN(
        SimpleNamespace(
            observation_dim=model.dim,
            rnn_hidden_size=model.hidden_size,
            rnn_depth=1,
            rnn_dropout=0.0,
            sigma2=1.0,
            transition_bias=model.transition_bias,
            crp_alpha=model.crp_alpha,
            enable_cuda=False,
            verbosity=0,
        )
    )
    twin.rnn_model.load_state_dict(
        {
            "gru.weight_ih_l0": torch.tensor(model.gru_w_ih),
            "gru.weight_hh_l0": torch.tensor(model.gru_w_hh),
            "gru.bias_ih_l0": torch.tensor(model.gru_b_ih),
            "gru.bias_hh_l0": torch.tensor(model.gru_b_hh),
            "linear_mean1.weight": torch.tensor(model.w1),
            "linear_mean1.bias": torch.tensor(model.b1),
            "linear_mean2.weight": torch.tensor(model.w2),
            "linear_mean2.bias": torch.tensor(model.b2),
        }
    )
    twin.rnn_init_hidden.data = torch.tensor(model.h0).reshape(1, 1, -1)
    twin.sigma2.data = torch.tensor(model.sigma2)
    twin.rnn_model.eval()
    return twin


def predict_options(beam_size: int, passes: int = 1) -> SimpleNamespace:
    """The package's inference arguments, without its parser of the command line."""
    return SimpleNamespace(beam_size=beam_size, look_ahead=1, test_iteration=passes)


def reference_decode(
    model: UISRNNModel, embeddings: npt.ArrayLike, *, beam_size: int = 10, passes: int = 1
) -> npt.NDArray[np.int64]:
    """The labels (N,) that the package's ``predict`` gives a sequence (N, D)."""
    torch, _ = packages()
    with torch.no_grad():  # the package keeps gradients, which change no label, only its time
        labels = package_model(model).predict(
            np.asarray(embeddings, dtype=np.float64), predict_options(beam_size, passes)
        )
    return np.array(labels, dtype=np.int64)


class ReferenceDecoder:
    """Same interface, same labels as :class:`core.uisrnn.decoder.Decoder` without local voices,
    computed by the package, which has no place for them.

    Raises
    ------
    MissingExtraError
        torch or uisrnn is not installed.
    """

    def __init__(
        self,
        model: UISRNNModel,
        *,
        beam_size: int = 10,
        max_speakers: int | None = None,
        lag: int | None = None,
    ) -> None:
        self._torch, package = packages()
        self._empty_beam = package.uisrnn.BeamState
        self._twin = package_model(model)
        self.model = model
        self.beam_size = beam_size
        self.max_speakers = max_speakers
        self.lag = lag
        self.rejected: Counter[str] = Counter()
        self._beams = [self._empty_beam()]
        self._settled = 0

    @property
    def count(self) -> int:
        return len(self._beams[0].trace)

    @property
    def n_speakers(self) -> int:
        return len(self._beams[0].mean_set)

    def push(self, embedding: npt.ArrayLike, voice: LocalVoice | None = None) -> Decoded | None:
        """As the fast decoder's; ``voice`` changes nothing."""
        reason = unusable(embedding, self.model.dim)
        if reason is None:
            before = self._beams[0].trace
            if self._push(np.asarray(embedding, np.float32)):
                return self._settle(before, self.count if self.lag is None else self.lag)
            reason = "no finite likelihood"
        self.rejected[reason] += 1
        return None

    def finish(self) -> Decoded:
        return self._settle(self._beams[0].trace, 0)

    def _push(self, x: npt.NDArray[np.float32]) -> bool:
        frame = self._torch.from_numpy(x[None])
        columns = max(len(beam.mean_set) for beam in self._beams) + 1
        scores = np.full((self.beam_size, columns), np.inf)
        with self._torch.no_grad():
            for rank, beam in enumerate(self._beams):
                row = self._twin._calculate_score(beam, frame)
                if self.max_speakers is not None:
                    row[self.max_speakers :] = np.inf
                scores[rank, : len(row)] = row
            usable = np.count_nonzero((scores < np.inf) & (scores != 0))
            order = np.argsort(scores, axis=None)[: min(usable, self.beam_size)]
            if order.size == 0:
                return False
            parents, labels = np.divmod(order, columns)
            self._beams = [
                self._twin._update_beam_state(self._beams[parent], frame, (int(label),))
                for parent, label in zip(parents, labels, strict=True)
            ]
        return True

    def _settle(self, before: list[int], lag: int) -> Decoded:
        """Drop beams that disagree further back than `lag`; then settle what all agree on."""
        best = self._beams[0].trace
        upto = max(self.count - lag, 0)
        self._beams = [beam for beam in self._beams if beam.trace[:upto] == best[:upto]]
        while self._settled < len(best) and all(
            beam.trace[self._settled] == best[self._settled] for beam in self._beams
        ):
            self._settled += 1
        first = 0
        while first < len(before) and before[first] == best[first]:
            first += 1
        return Decoded(first, tuple(int(label) for label in best[first:]), self._settled)
