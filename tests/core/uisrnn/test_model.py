"""UIS-RNN files: what is read back, and what is refused with one clear line."""

from __future__ import annotations

import io
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from core.bench.sequences import random_model
from core.errors import ModelError, OutputError
from core.uisrnn.model import UISRNNModel


@pytest.fixture
def model() -> UISRNNModel:
    return random_model(np.random.default_rng(3), 6, 5, crp_alpha=0.25)


def rewritten(model: UISRNNModel, tmp_path: Path, **changes: object) -> bytes:
    """The model's file with some arrays replaced, or left out where None."""
    model.save(tmp_path / "whole.npz")
    with np.load(tmp_path / "whole.npz") as file:
        arrays = {**file, **changes}
    stream = io.BytesIO()
    np.savez(stream, **{name: value for name, value in arrays.items() if value is not None})
    return stream.getvalue()


def test_saved_and_read_back(model: UISRNNModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model.npz")
    for source in (tmp_path / "model.npz", (tmp_path / "model.npz").read_bytes()):
        again = UISRNNModel.from_npz(source)
        for field in fields(model):
            np.testing.assert_array_equal(getattr(again, field.name), getattr(model, field.name))
    assert (again.dim, again.hidden_size) == (6, 5)


def test_starting_weights(shared: Path) -> None:
    model = UISRNNModel.from_npz(shared / "models" / "uisrnn-v0.npz")
    assert (model.dim, model.hidden_size, model.crp_alpha) == (256, 256, 1.0)
    assert model.transition_bias == pytest.approx(0.1306, abs=1e-4)


@pytest.mark.parametrize("bias", [0.0, 1.0, -0.1, 1.5, np.nan])
def test_transition_bias_has_to_be_a_real_chance(model: UISRNNModel, bias: float) -> None:
    with pytest.raises(ModelError, match="transition_bias"):
        replace(model, transition_bias=bias)


@pytest.mark.parametrize(
    ("name", "value"),
    [("crp_alpha", 0.0), ("sigma2", np.zeros(6)), ("b1", np.full(5, np.inf)), ("w1", np.eye(4))],
)
def test_values_that_cannot_be_decoded_with(
    model: UISRNNModel, name: str, value: np.ndarray
) -> None:
    with pytest.raises(ModelError, match=name):
        replace(model, **{name: value})


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 torn"])
def test_damaged_files(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.npz").write_bytes(content)
    for source in (content, tmp_path / "model.npz"):
        with pytest.raises(ModelError) as caught:
            UISRNNModel.from_npz(source)
        assert "\n" not in str(caught.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        UISRNNModel.from_npz(tmp_path / "nowhere.npz")


def test_missing_array(model: UISRNNModel, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"linear_mean2\.bias"):
        UISRNNModel.from_npz(rewritten(model, tmp_path, **{"linear_mean2.bias": None}))


def test_one_layer_only(model: UISRNNModel, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="several layers"):
        UISRNNModel.from_npz(rewritten(model, tmp_path, **{"gru.weight_ih_l1": model.gru_w_hh}))


def test_pickles_are_not_opened(model: UISRNNModel, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "executed",))

    trapped = rewritten(model, tmp_path, sigma2=np.array([Trap()], dtype=object))
    with pytest.raises(ModelError):
        UISRNNModel.from_npz(trapped)
    assert not (tmp_path / "executed").exists()


def test_arrays_of_another_kind(model: UISRNNModel, tmp_path: Path) -> None:
    for changes in ({"sigma2": np.array(["a"] * 6)}, {"crp_alpha": np.ones(3)}):
        with pytest.raises(ModelError):
            UISRNNModel.from_npz(rewritten(model, tmp_path, **changes))


def test_save_into_a_missing_folder(model: UISRNNModel, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="missing"):
        model.save(tmp_path / "missing" / "model.npz")


def test_step_does_each_row_as_alone(model: UISRNNModel) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=6).astype(np.float32)
    states = rng.normal(size=(7, 5)).astype(np.float32)
    means, hidden = model.step(x, states)
    assert means.shape == (7, 6)
    for row in range(7):
        mean, after = model.step(x, states[row : row + 1])
        np.testing.assert_allclose(means[row], mean[0], atol=1e-6)
        np.testing.assert_allclose(hidden[row], after[0], atol=1e-6)
