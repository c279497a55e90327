"""What a voice is remembered by comes from where it speaks alone."""

import numpy as np
import soundfile

from core.annotation.values import Annotation, Turn
from core.stream.changes import Window
from core.units import SAMPLE_RATE as S
from core.voices.enrolment import embed, samples_of


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


def test_samples_are_of_the_print_for_recognition():
    """And so is a clip that another encoder hears anew."""
    built = Annotation.build([Turn(0, 4 * S, 0)])
    heard = [
        Window(n * S, (n + 1) * S, np.ones(2, np.float32), 1.0, recognition=np.eye(5)[n])
        for n in range(4)
    ]
    (sample,) = samples_of(built, 0, heard, "sha", "talk", None)
    np.testing.assert_allclose(sample.embedding, [0.5, 0.5, 0.5, 0.5, 0])

    class Two:
        window, hop, dim = S, S, 2

        def embed(self, windows):
            return np.tile(np.array([1, 1, 0, 0, 7], np.float32), (len(windows), 1))

    np.testing.assert_allclose(embed(Two(), np.zeros(3 * S, np.float32)), [0, 0, 1])
