"""Fitting with the package: where its NaN comes from, that it stays away, and what is learnt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import InputError, ModelError
from core.training.speakers.fitting import NEW, FitSettings, fit, start, without_zeros
from core.uisrnn.decoder import decode

torch = pytest.importorskip("torch", reason="needs the [train] extra")
uisrnn = pytest.importorskip("uisrnn", reason="needs the [train] extra")

DIM = 12
SMALL = FitSettings(iterations=300, round=100, batch=8, learning_rate=1e-2, sigma_beta=1e-3)
Talk = tuple[NDArray[np.float32], NDArray[np.int64]]


def talk(seed: int, speakers: int = 3) -> Talk:
    """Like the encoder's output: half the elements are zero, dimensions 0 and 1 always are."""
    rng = np.random.default_rng(seed)
    voices = np.maximum(rng.normal(size=(speakers, DIM)), 0)
    voices[:, :2] = 0
    voices[range(speakers), rng.permutation(np.arange(2, DIM))[:speakers]] += 2.0  # far apart
    voices /= np.linalg.norm(voices, axis=1, keepdims=True)
    order = [0]
    while len(order) < 8:
        known = max(order) + 1
        order.append(
            int(rng.choice([n for n in range(min(known + 1, speakers)) if n != order[-1]]))
        )
    labels = np.repeat(order, rng.integers(3, 8, len(order)))
    noise = 0.03 * rng.normal(size=(len(labels), DIM)) * (voices[labels] > 0)
    return np.maximum(voices[labels] + noise, 0).astype(np.float32), labels


TALKS = [talk(seed) for seed in range(30)]


def package_sigma2(
    embeddings: NDArray[np.float64], labels: NDArray[np.int64]
) -> NDArray[np.float32]:
    """sigma2 after one iteration of the package's own ``fit``."""
    model_options, training_options, _ = _package_options()
    model = uisrnn.UISRNN(model_options)
    model.fit([embeddings], [labels.astype(np.str_)], training_options)
    return np.asarray(model.sigma2.detach().numpy())


def _package_options() -> tuple[object, object, object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["uisrnn"])
        model_options, training_options, inference_options = uisrnn.parse_arguments()
    model_options.observation_dim, model_options.rnn_hidden_size = DIM, 8
    model_options.verbosity, model_options.enable_cuda = 0, False
    training_options.train_iteration = 1
    return model_options, training_options, inference_options


def test_exact_zeros_are_the_nan_of_the_seed() -> None:
    embeddings, labels = TALKS[0]
    first_alive = embeddings.copy()
    first_alive[:, 0] = 0.1
    dead = (first_alive == 0).all(axis=0)
    assert 0 < dead.sum() < DIM
    # A dimension that nobody in the batch has spoils its own sigma2 ...
    sigma2 = package_sigma2(first_alive.astype(np.float64), labels)
    np.testing.assert_array_equal(np.isnan(sigma2), dead)
    # ... and the first dimension, by which frames are counted, all of them.
    assert np.isnan(package_sigma2(embeddings.astype(np.float64), labels)).all()
    for spoilt in (embeddings, first_alive):
        assert np.isfinite(package_sigma2(without_zeros(spoilt), labels)).all()


def test_zeros_in_the_first_dimension_make_the_loss_another_one() -> None:
    from uisrnn.loss_func import weighted_mse_loss

    truth = np.full((40, 1, 4), 0.5)
    truth[::2, 0, 0] = 0.0

    def loss(target: NDArray[np.float64]) -> float:
        predicted = np.where(target == 0, 0.0, 0.3)  # as the package does it
        pair = (torch.tensor(x, dtype=torch.float32) for x in (predicted, target))
        return float(weighted_mse_loss(*pair, torch.ones(4)))

    per_frame = float(np.mean(np.sum(np.where(truth == 0, 0.0, 0.2) ** 2, axis=2)))
    assert loss(truth) == pytest.approx(2 * per_frame)
    full = without_zeros(truth.astype(np.float32))
    assert loss(full) == pytest.approx(float(np.mean(np.sum((0.3 - full) ** 2, axis=2))))


def test_without_zeros_touches_only_zeros() -> None:
    x = np.array([[0.0, -0.0, 1.0, -1e-5, 1e-30]], np.float32)
    cured = without_zeros(x)
    assert cured.dtype == np.float64
    assert cured[0, :2] == pytest.approx([1e-5, 1e-5])
    np.testing.assert_array_equal(cured[0, 2:], x[0, 2:])
    assert (without_zeros(TALKS[0][0]) != 0).all()


def test_fit_learns_to_tell_voices_that_it_never_heard(tmp_path: Path) -> None:
    losses: list[float] = []
    model = fit(*_pairs(TALKS), SMALL, tmp_path, lambda done, loss: losses.append(loss))
    assert len(losses) == 3
    assert losses[-1] < losses[0]
    assert np.isfinite(model.sigma2).all()
    changes = [np.diff(labels) != 0 for _, labels in TALKS]
    share = np.concatenate(changes).mean()
    assert model.transition_bias == pytest.approx(share, abs=0.01)
    for seed in range(100, 110):
        embeddings, labels = talk(seed)
        np.testing.assert_array_equal(decode(model, embeddings), labels)


def test_interrupted_fit_ends_with_the_same_model(tmp_path: Path) -> None:
    settings = FitSettings(iterations=25, round=10, batch=4)
    assert settings.rounds == 3
    straight, stopped = tmp_path / "straight", tmp_path / "stopped"
    straight.mkdir()
    stopped.mkdir()
    whole = fit(*_pairs(TALKS[:5]), settings, straight)

    def stop(done: int, loss: float) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(*_pairs(TALKS[:5]), settings, stopped, stop)
    assert [path.name for path in stopped.iterdir()] == ["round-0002.npz"]
    rounds: list[int] = []
    resumed = fit(*_pairs(TALKS[:5]), settings, stopped, lambda done, loss: rounds.append(done))
    assert rounds == [3]
    for name in ("gru_w_hh", "w2", "sigma2", "h0"):
        np.testing.assert_array_equal(getattr(resumed, name), getattr(whole, name), name)
    assert resumed.transition_bias == whole.transition_bias


def test_nothing_to_learn_from_and_rounds_of_another_fit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no window"):
        fit([np.zeros((0, DIM), np.float32)], [np.zeros(0, np.int64)], SMALL, tmp_path)
    fit(*_pairs(TALKS[:2]), FitSettings(iterations=2, round=1, batch=4), tmp_path)
    for talks, iterations in ((TALKS[:2], 1), ([(x[:, :5], y) for x, y in TALKS[:2]], 2)):
        with pytest.raises(ModelError, match="another fit"):
            fit(*_pairs(talks), FitSettings(iterations=iterations, round=1), tmp_path)


@pytest.mark.parametrize("middle", [0.0, 0.3])
def test_start_knows_a_voice_by_its_mean_and_little_of_it_at_first(middle: float) -> None:
    rng = np.random.default_rng(3)
    voices = rng.normal(size=(60, DIM)) * np.linspace(0.05, 0.3, DIM)
    pairs = []
    for number in range(20):
        labels = np.repeat(np.arange(3), 40)
        own = voices[3 * number : 3 * number + 3][labels]
        pairs.append((middle + own + 0.1 * rng.normal(size=own.shape), labels))
    model = start([(x.astype(np.float32), y) for x, y in pairs], 0.1)
    assert (model.dim, model.hidden_size, model.transition_bias) == (DIM, 2 * DIM, 0.1)
    np.testing.assert_allclose(model.sigma2, 0.01, rtol=0.1)
    mean, hidden = model.newcomer
    np.testing.assert_allclose(mean, middle + voices.mean(axis=0), atol=0.02)
    voice = (0.5 * voices[0]).astype(np.float32)
    states = hidden[None]
    shares = []
    for _ in range(200):
        output, states = model.step(mean + voice, states)
        shares.append((output[0] - mean) / voice)
    between = voices.var(axis=0)
    np.testing.assert_allclose(shares[0], between / (between + 0.01 / NEW), rtol=0.4)
    assert (np.diff(shares, axis=0) >= -1e-4).all()
    np.testing.assert_allclose(shares[-1][-1], 1, atol=0.05)  # where voices differ most
    with pytest.raises(InputError, match="fewer than two speakers"):
        start([(np.ones((20, DIM), np.float32), np.zeros(20, np.int64))], 0.1)


def _pairs(talks: list[Talk]) -> tuple[list[NDArray[np.float32]], list[NDArray[np.int64]]]:
    return [x for x, _ in talks], [y for _, y in talks]
