"""Names for the arrays that go between modules; what their dimensions are, docstrings say."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float32]
"""Sound, features, voice prints, probabilities: all that is computed in numbers."""
Halves: TypeAlias = NDArray[np.float16]
"""What is kept in numbers and needs no more."""
Doubles: TypeAlias = NDArray[np.float64]
"""Where rounding adds up: distances, sums, seconds."""
Labels: TypeAlias = NDArray[np.int64]
"""Whole numbers: who speaks, and samples as times."""
