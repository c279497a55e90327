"""What a voice is remembered by comes from where it speaks alone."""

import numpy as np
import soundfile

from core.annotation.values import Annotation, Turn
from core.stream.changes import Window
from core.units import SAMPLE_RATE as S
from core.voices.enrolment import samples_of


def windows(seconds):
    """One a second, each with a direction of its own."""
    eye = np.eye(seconds, dtype=np.float32)
    return [Window(n * S, (n + 1) * S, eye[n], 1.0) for n in range(seconds)]


def test_samples_and_clips_are_of_stretches_in_which_nobody_else_speaks(tmp_path):
    path = tmp_path / "talk.wav"
    tone = np.repeat(np.arange(20), S).astype(np.float32) / 32  # its height tells the second
    soundfile.write(path, tone, S, subtype="FLOAT")
    built = Annotation.build(
        [Turn(0, 10 * S, 0), Turn(S, 3 * S, 1), Turn(12 * S, 16 * S, 0), Turn(13 * S, 15 * S, 1)],
        20 * S,
    )
    (sample,) = samples_of(built, 0, windows(20), "sha", "talk", path)
    assert (sample.start, sample.seconds) == (3 * S, 7.0)  # 12 to 16 s has no two seconds alone
    assert np.array_equal(np.flatnonzero(sample.embedding), range(3, 10))
    assert np.array_equal(sample.clip, tone[3 * S : 9 * S])


def test_without_overlap_they_are_whole_turns():
    built = Annotation.build([Turn(0, 4 * S, 0), Turn(4 * S, 5 * S, 1), Turn(6 * S, 9 * S, 0)])
    found = samples_of(built, 0, windows(10), "sha", "talk", None)
    assert [(s.start, s.seconds) for s in found] == [(0, 4.0), (6 * S, 3.0)]
