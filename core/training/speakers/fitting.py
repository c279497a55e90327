"""Fitting a UIS-RNN with the ``uisrnn`` package (arXiv 1810.04719, section 3.4) on torch.

Where it starts
---------------
From random weights the network learns the voices of its conversations by heart, and what it knows
of a new one is mostly its last window. So it starts (:func:`start`) as the network that does what
it ought to: its state is the running mean of a voice, drawn to the middle of all voices as long as
little was heard, and its output that state. Fitting from there finds sigma2; the small rate leaves
the means nearly as they are, for more of it makes them worse: what comes next, which the package
learns to predict, is most like the last window, as windows overlap, but that tells nothing about
who it is.

Where the NaN of the seed comes from
------------------------------------
The package takes a value of exactly 0 for padding, element by element (``rnn_truth != 0``). The
embeddings end in a ReLU, so half of their elements are exact zeros. In each batch it counts, per
dimension, the residuals that are not zero (``num_non_zero``), and ``sigma2_prior_loss`` divides by
that count: with a dimension that nobody in the batch has, ``(2 a + 2) / 0 * log(sigma2)`` is -inf
(sigma2 starts at 0.1), ``beta / (sigma2 * 0)`` is +inf, and their sum is NaN. Its gradient makes
sigma2 NaN, which ``clamp_(min=1e-6)`` keeps. ``weighted_mse_loss`` in its turn counts the frames by
dimension 0 alone and divides by that: if nobody in the batch has dimension 0, all of sigma2 and
the network become NaN. Where no count is zero the damage is silent: the loss is scaled by how often
dimension 0 is zero, and neither the means nor sigma2 learn what the zeros say.
:func:`without_zeros` prevents all of it.

Other traps: ``fit`` wants float64 and labels of strings; it draws from the global generators of
numpy, ``random`` and torch; it makes a new optimizer at every call; ``rnn_dropout`` does nothing
at depth 1; Adam's steps are as large as sigma2 itself at the usual rate, so the rate has to fall.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array, Labels
from core.errors import InputError, ModelError
from core.runtime import single_torch_thread
from core.training.files.lda import Spread
from core.training.reference.uisrnn_decoder import package_model, packages
from core.uisrnn.model import UISRNNModel

NEARLY_ZERO = 1e-5
"""What exact zeros become: far below the 0.03 that sigma is, and its square is no zero either."""
NEW = 0.15
"""So much of a window is new: windows overlap, and what is said within seconds is of one mood, one
distance, one noise. With 0.05 voices are found too late or never."""
_FLAT = 0.01
"""Of the mean variance: dimensions that vary less are taken to vary so much; some never do."""
_STRAIGHT = np.float32(0.5)
"""Elements of embeddings times this are where tanh is nearly straight."""


@dataclass(frozen=True)
class FitSettings:
    """How the UIS-RNN is fitted."""

    iterations: int = 200
    round: int = 100
    """Iterations from one checkpoint to the next. Adam starts anew with each round."""
    batch: int = 20
    learning_rate: float = 1e-5
    """In the first round; it falls with a cosine to a hundredth of it in the last."""
    permutations: int = 10
    """Orders of the turns of a speaker that are learnt from."""
    sigma_beta: float = 0.05
    """Scale of the prior of sigma2, which adds about ``2 sigma_beta / frames of a batch`` to it.
    With the package's 1 that is more than the variance itself, and all dimensions look alike."""
    seed: int = 0

    @property
    def rounds(self) -> int:
        """How many rounds that makes."""
        return math.ceil(self.iterations / self.round)


def without_zeros(embeddings: Array) -> NDArray[np.float64]:
    """Embeddings as the package can learn from them: float64, no element exactly zero.

    Only the zeros are touched: adding something to every element would make a zero of one that
    is just as far below.
    """
    values = embeddings.astype(np.float64)
    return np.where(values == 0, NEARLY_ZERO, values)


def fit(
    sequences: Sequence[Array],
    labels: Sequence[Labels],
    settings: FitSettings,
    folder: Path,
    on_round: Callable[[int, float], None] | None = None,
) -> UISRNNModel:
    """Fit a UIS-RNN to conversations, or go on with that from its last round.

    A fit that was interrupted gives the model that it would have given without.

    Parameters
    ----------
    sequences
        Of each conversation the embeddings (n, dim), in time order.
    labels
        Of each the speakers (n,); their numbers mean nothing beyond the conversation.
    folder
        Where the model is kept after every round, and looked for at the start.
    on_round
        Told the rounds that are done and the loss of the last iteration.

    Raises
    ------
    InputError
        If there is nothing to learn from.
    ModelError
        If what the folder keeps is no such model, or the fit comes to nothing.
    MissingExtraError
        If ``[train]`` isn't installed.
    """
    torch, package = packages()
    pairs = [(x, y) for x, y in zip(sequences, labels, strict=True) if len(x)]
    if not pairs:
        raise InputError("there is no window with a speaker in it to learn from")
    observed = [without_zeros(x) for x, _ in pairs]
    speakers = [y.astype(np.str_) for _, y in pairs]
    bias, _ = package.utils.estimate_transition_bias(speakers)
    done, model = _last_round(folder) or (0, start(pairs, float(bias)))
    if model.dim != observed[0].shape[1] or done > settings.rounds:
        raise ModelError(f"{folder} keeps the rounds of another fit: give another folder")
    for number in range(done, settings.rounds):
        twin = package_model(model)
        twin.estimate_sigma2 = True
        twin.logger = log = _Log()
        _seed(torch, settings.seed, number + 1)
        with single_torch_thread():
            twin.fit(observed, speakers, _options(settings, number))
        model = _arrays_of(twin, model.transition_bias)
        _keep(folder, number + 1, model)
        if on_round:
            on_round(number + 1, log.loss)
    return model


def start(pairs: Sequence[tuple[Array, Labels]], transition_bias: float) -> UISRNNModel:
    """The UIS-RNN that a fit begins with; its hidden state is twice as wide as an embedding.

    In every dimension of embeddings (dim,) the means of voices vary about their own mean by b, and
    windows about their voice's by w; a window that is new by :data:`NEW` moves what is expected of
    an unknown voice by b / (b + w / NEW) of the way from that middle. That is what the update gate
    lets in, at every window, so that the state after n of them is their mean, less the middle, and
    short of its length at first. Of the two halves behind the ReLU one is its positive part, one
    its negative. ``h0`` is such that the zeros a new speaker is fed with lead to the middle.

    Raises
    ------
    InputError
        If not even two speakers say enough.
    """
    spread = Spread.of(pairs)
    within = spread.residuals.var(axis=0)
    within = np.maximum(within, _FLAT * within.mean() + 1e-9)
    middle = spread.means.mean(axis=0).astype(np.float32)
    ratio = NEW * np.maximum(spread.means.var(axis=0) / within, 1e-3)
    dim = len(within)
    hidden = 2 * dim
    _, update, new = (slice(n * hidden, n * hidden + dim) for n in range(3))
    arrays = {
        "gru_w_ih": np.zeros((3 * hidden, dim), np.float32),
        "gru_w_hh": np.zeros((3 * hidden, hidden), np.float32),
        "gru_b_ih": np.zeros(3 * hidden, np.float32),
        "gru_b_hh": np.zeros(3 * hidden, np.float32),
        "w1": np.zeros((hidden, hidden), np.float32),
        "b1": np.zeros(hidden, np.float32),
        "w2": np.zeros((dim, hidden), np.float32),
        "b2": np.zeros(dim, np.float32),
        "h0": np.zeros(hidden, np.float32),
    }
    same = np.eye(dim, dtype=np.float32)
    arrays["gru_w_ih"][new] = _STRAIGHT * same
    arrays["gru_b_ih"][update] = -np.log(ratio)  # its sigmoid, the part that is kept: 1 / (1 + r)
    arrays["gru_b_ih"][new] = -_STRAIGHT * middle
    arrays["h0"][:dim] = ratio * np.tanh(_STRAIGHT * middle)
    arrays["b2"][:] = middle
    arrays["w1"][:dim, :dim], arrays["w1"][dim:, :dim] = same, -same
    arrays["w2"][:, :dim], arrays["w2"][:, dim:] = same / _STRAIGHT, -same / _STRAIGHT
    return UISRNNModel(
        **arrays,
        sigma2=within.astype(np.float32),
        transition_bias=transition_bias,
        crp_alpha=1.0,
    )


def _keep(folder: Path, rounds: int, model: UISRNNModel) -> None:
    """Keep the model in place of that of the round before."""
    model.save(folder / f"round-{rounds:04}.npz")
    (folder / f"round-{rounds - 1:04}.npz").unlink(missing_ok=True)


def _last_round(folder: Path) -> tuple[int, UISRNNModel] | None:
    kept = sorted(folder.glob("round-*.npz"))
    return (int(kept[-1].stem[6:]), UISRNNModel.from_npz(kept[-1])) if kept else None


def _seed(torch: Any, seed: int, number: int) -> None:
    """The package draws from all three global generators; each round has its own numbers."""
    mixed = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
    random.seed(mixed)
    np.random.seed(mixed)  # noqa: NPY002
    torch.manual_seed(mixed)


def _options(settings: FitSettings, number: int) -> SimpleNamespace:
    """The package's training arguments for one round, without its parser of the command line."""
    fall = 0.5 * (1 + math.cos(math.pi * number / max(1, settings.rounds - 1)))
    return SimpleNamespace(
        optimizer="adam",
        learning_rate=settings.learning_rate * max(fall, 0.01),
        train_iteration=min(settings.round, settings.iterations - number * settings.round),
        batch_size=settings.batch,
        num_permutations=settings.permutations,
        sigma_alpha=1.0,
        sigma_beta=settings.sigma_beta,
        regularization_weight=1e-5,
        grad_max_norm=5.0,
        enforce_cluster_id_uniqueness=True,
    )


def _arrays_of(fitted: Any, transition_bias: float) -> UISRNNModel:
    state = {name: value.detach().numpy() for name, value in fitted.rnn_model.state_dict().items()}
    return UISRNNModel(
        gru_w_ih=state["gru.weight_ih_l0"],
        gru_w_hh=state["gru.weight_hh_l0"],
        gru_b_ih=state["gru.bias_ih_l0"],
        gru_b_hh=state["gru.bias_hh_l0"],
        w1=state["linear_mean1.weight"],
        b1=state["linear_mean1.bias"],
        w2=state["linear_mean2.weight"],
        b2=state["linear_mean2.bias"],
        h0=fitted.rnn_init_hidden.detach().numpy(),
        sigma2=fitted.sigma2.detach().numpy(),
        transition_bias=transition_bias,
        crp_alpha=float(fitted.crp_alpha),
    )


class _Log:
    """Takes the place of the package's logger, the only one whom ``fit`` tells its loss."""

    def __init__(self) -> None:
        self.loss = math.nan

    def print(self, level: int, message: str) -> None:
        if found := re.search(r"Training Loss: (\S+)", message):
            self.loss = float(found[1])
