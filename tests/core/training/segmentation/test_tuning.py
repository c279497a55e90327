"""Fine-tuning learns, goes on where it stopped to the same result, and keeps what was known."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from tests.core.training.segmentation.test_chunks import write

torch = pytest.importorskip("torch", reason="needs the [train] extra")

from core.stream.segmentation import CLASSES, LOCAL  # noqa: E402
from core.training.segmentation import measure  # noqa: E402
from core.training.segmentation.chunks import FRAMES, Recorded, read_conversations  # noqa: E402
from core.training.segmentation.losses import (  # noqa: E402
    ORDERS,
    classes,
    kept_loss,
    permuted_loss,
)
from core.training.segmentation.network import (  # noqa: E402
    SegmentationNetwork,
    load,
    read_state,
)
from core.training.segmentation.tuning import TuningPace, TuningRecipe, mixed, tune  # noqa: E402

SMALL = TuningRecipe(steps=3, size=2, rate=1e-3, warmup=1)


@pytest.fixture(scope="module")
def start() -> dict[str, torch.Tensor]:
    torch.manual_seed(3)
    return dict(SegmentationNetwork().state_dict())


@pytest.fixture
def talks(tmp_path: Path) -> list[Recorded]:
    return read_conversations([write(tmp_path / "talks", "one", 14.0)])


def truth(seed: int = 0) -> torch.Tensor:
    """(2, frames, LOCAL) Some voices, at most two at once."""
    rng = np.random.default_rng(seed)
    said = rng.integers(len(CLASSES), size=(2, 50))
    return torch.tensor([[[v in CLASSES[c] for v in range(LOCAL)] for c in row] for row in said])


def certain(voices: torch.Tensor) -> torch.Tensor:
    """Log-probabilities of a network that is sure of these voices."""
    return torch.nn.functional.log_softmax(
        20.0 * torch.nn.functional.one_hot(classes(voices), len(CLASSES)).float(), -1
    )


def test_class_of_voices() -> None:
    voices = torch.tensor([[v in who for v in range(LOCAL)] for who in CLASSES])
    assert classes(voices).tolist() == list(range(len(CLASSES)))
    assert classes(torch.ones(1, LOCAL, dtype=torch.bool)).tolist() == [0]


@pytest.mark.parametrize("order", ORDERS)
def test_loss_does_not_ask_who_is_whom(order: tuple[int, ...]) -> None:
    voices = truth()
    other = voices[..., list(order)]
    assert float(permuted_loss(certain(voices), other)) < 1e-4
    assert float(permuted_loss(certain(~voices & (voices.sum(-1) > 9)[..., None]), other)) > 1
    errors = measure.chunk_errors(certain(voices)[0].numpy(), other[0].numpy())
    assert errors[1:].tolist() == [0, 0, 0]
    assert errors[0] == int(voices[0].sum())


def test_errors_of_a_chunk_are_told_apart() -> None:
    voices = torch.zeros(1, 30, LOCAL, dtype=torch.bool)
    voices[0, :20, 0] = True
    said = torch.zeros_like(voices)
    said[0, 5:15, 0] = True  # 5 missed in front
    said[0, 15:20, 1] = True  # 5 are another's
    said[0, 25:, 2] = True  # 5 are nobody's
    errors = measure.chunk_errors(certain(said)[0].numpy(), voices[0].numpy())
    assert errors.tolist() == [20, 5, 5, 5]


def test_what_was_known_is_kept() -> None:
    one, other = certain(truth(0)), certain(truth(1))
    assert float(kept_loss(one, one)) == pytest.approx(0, abs=1e-5)
    assert float(kept_loss(one, other)) > 1


def losses(out: Path) -> list[float]:
    return [
        json.loads(line)["loss"] for line in (out / "log.jsonl").read_text().split("\n") if line
    ]


def test_it_learns(start: dict[str, torch.Tensor], talks: list[Recorded], tmp_path: Path) -> None:
    recipe = TuningRecipe(steps=12, size=2, rate=5e-3, warmup=1, keep=0.0)
    weights = tune(start, talks, recipe, tmp_path / "out", TuningPace(log_every=4, save_every=100))
    first, *_, last = losses(tmp_path / "out")
    assert last < 0.7 * first
    samples, voices = (torch.from_numpy(part)[None] for part in talks[0].chunk(20_000))

    def loss(network: SegmentationNetwork) -> float:
        with torch.no_grad():
            return float(permuted_loss(network(samples[None]), voices))

    assert loss(load(read_state(weights))) < 0.7 * loss(load(start))


def test_a_strong_teacher_holds_it(
    start: dict[str, torch.Tensor], talks: list[Recorded], tmp_path: Path
) -> None:
    def moved(keep: float) -> float:
        recipe = TuningRecipe(steps=8, size=1, rate=2e-3, warmup=1, keep=keep)
        tune(start, talks, recipe, tmp_path / f"{keep}", TuningPace(log_every=8))
        line = json.loads((tmp_path / f"{keep}" / "log.jsonl").read_text())
        return float(line["kept"])

    assert moved(50.0) < 0.5 * moved(0.0)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_a_run_goes_on_to_the_same_weights(
    start: dict[str, torch.Tensor], talks: list[Recorded], tmp_path: Path, dropout: float
) -> None:
    recipe = replace(SMALL, dropout=dropout)
    whole = read_state(tune(start, talks, recipe, tmp_path / "whole"))

    class Stopped(Exception):
        pass

    def stop(line: object) -> None:
        raise Stopped

    pace = TuningPace(log_every=2, save_every=1)
    with pytest.raises(Stopped):
        tune(start, talks, recipe, tmp_path / "parts", pace, stop)
    early = read_state(tmp_path / "parts" / "segmentation.pt")
    assert any(not torch.equal(early[name], array) for name, array in whole.items())
    lines: list[object] = []
    parts = read_state(tune(start, talks, recipe, tmp_path / "parts", pace, lines.append))
    assert len(lines) == 2
    for name, array in whole.items():
        torch.testing.assert_close(parts[name], array, rtol=0, atol=0)


def test_another_recipe_in_the_folder_is_refused(
    start: dict[str, torch.Tensor], talks: list[Recorded], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    tune(start, talks, replace(SMALL, steps=1), out)
    with pytest.raises(InputError, match="another recipe"):
        tune(start, talks, replace(SMALL, steps=1, keep=0.1), out)
    with pytest.raises(InputError, match="another recipe or of other"):
        tune(start, talks * 2, replace(SMALL, steps=1), out)
    changed = {name: array + 0.01 for name, array in start.items()}
    with pytest.raises(InputError, match="other weights"):
        tune(changed, talks, replace(SMALL, steps=1), out)
    (out / "state.pt").write_bytes(b"nothing")
    with pytest.raises(InputError, match="no state of a run"):
        tune(start, talks, replace(SMALL, steps=1), out)


def test_weights_are_mixed(start: dict[str, torch.Tensor]) -> None:
    torch.manual_seed(4)
    first, second = load(start), SegmentationNetwork()
    for share, same in ((0.0, first), (1.0, second)):
        for name, array in mixed(first, second, share).items():
            torch.testing.assert_close(array, same.state_dict()[name])
    half = mixed(first, second, 0.5)["classifier.weight"]
    torch.testing.assert_close(half, (first.classifier.weight + second.classifier.weight) / 2)


def test_recipe_rises_and_falls() -> None:
    recipe = TuningRecipe(steps=100, warmup=10, rate=1.0)
    rates = [recipe.rate_of(step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9] or max(rates) == rates[10]
    assert rates[-1] < 0.01


def test_networks_are_measured_on_folders(
    start: dict[str, torch.Tensor], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "talks", "one", 12.0)
    weights = tmp_path / "weights.pt"
    torch.save(start, weights)
    assert measure.main([str(weights), "--on", str(folder)]) == 0
    line = capsys.readouterr().out
    assert "talks" in line
    assert "chunks" in line
    assert "count" in line
    assert measure.main([str(weights), "--on", str(tmp_path / "nowhere")]) == 1
    assert "no recording with its turns" in capsys.readouterr().err


class Oracle(torch.nn.Module):  # type: ignore[misc]
    """Says that the first voice speaks where the sound is loud."""

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        x = samples[0, 0]
        centres = 270 * torch.arange(1, FRAMES + 1) + 225
        loud = torch.stack([x[c - 60 : c + 60].abs().max() > 0.01 for c in centres.tolist()])
        voices = torch.zeros(1, FRAMES, LOCAL, dtype=torch.bool)
        voices[0, :, 0] = loud
        return certain(voices)


def test_who_hears_everything_makes_no_error(tmp_path: Path) -> None:
    errors = measure.measure_folder(Oracle(), write(tmp_path / "talks", "one", 12.0))
    assert errors[0, 0] > 0
    assert errors[:, 1:].sum() <= 0.03 * errors[:, 0].sum()  # a frame at each edge
    assert errors[1, 0] == pytest.approx(3 * 16000 / 270, abs=2)
