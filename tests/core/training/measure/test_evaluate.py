"""The protocol of the equal error rate, on voices whose embeddings are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import InputError
from core.models.manifest import shipped_models
from core.stream.encoder import OnnxEncoder
from core.training.data.silence import trim_silence
from core.training.measure.__main__ import main
from core.training.measure.evaluate import JudgedUtterance, crops, evaluate
from core.units import SAMPLE_RATE

Array = NDArray[np.float32]


class Levels:
    """An "encoder" whose embedding is an angle, read off the level of the crop."""

    window = SAMPLE_RATE
    hop = SAMPLE_RATE // 2
    dim = 2

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def embed(self, windows: Array) -> Array:
        self.lengths += [windows.shape[1]] * len(windows)
        angles = windows.mean(axis=1)
        # The length of an embedding must not matter.
        return (3 + angles[:, None]) * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def steady(speaker: str, angle: float, seconds: float = 3.0) -> JudgedUtterance:
    return JudgedUtterance(
        speaker, lambda: np.full(round(seconds * SAMPLE_RATE), angle, np.float32)
    )


def test_crops_do_not_overlap() -> None:
    samples = np.arange(1000, dtype=np.float32)
    for length in (1, 333, 499, 500):
        one, other = crops(samples, length)
        assert len(one) == len(other) == length
        assert one[-1] < other[0]
        # As far from the edges as from each other's half.
        assert abs(one[0] - (499 - one[-1])) <= 1
        assert abs(other[0] - 500 - (999 - other[-1])) <= 1
    (middle,) = crops(samples, 501)
    assert middle[0] == 249
    assert crops(samples, 1000).tolist() == [samples.tolist()]
    assert crops(samples, 1001).shape == (0, 1001)
    assert crops(samples[:0], 10).shape == (0, 10)


def test_voices_that_differ_are_told_apart() -> None:
    voices = [steady(s, a + d) for s, a in (("a", 0.0), ("b", 1.0)) for d in (0.0, 0.1, 0.2)]
    encoder = Levels()
    short, whole = evaluate(encoder, voices, (1.6, None))
    assert short.eer == whole.eer == 0.0
    # 3 s have room for one crop of 1.6 s, and whole utterances count once.
    assert (short.speakers, short.utterances, short.crops) == (2, 6, 6)
    assert (short.same, short.different) == (2 * 3, 3 * 3)
    assert whole.crops == 6
    assert set(encoder.lengths) == {25600, SAMPLE_RATE}
    assert "1.6 s: EER 0.0 % (2 speakers" in str(short)
    assert str(whole).startswith("whole: EER 0.0 %")


def test_pairs_of_one_utterance_are_left_out() -> None:
    # Alike within an utterance, and farther from the speaker's other one than from strangers.
    voices = [steady("a", 0.0), steady("a", 1.0), steady("b", 0.1), steady("b", 1.1)]
    (score,) = evaluate(Levels(), voices, (0.83,))
    assert score.crops == 8
    assert (score.same, score.different) == (2 * 2 * 2, 4 * 4)
    assert score.eer >= 0.5


def test_twelve_utterances_of_a_speaker_and_no_more() -> None:
    read = []

    def voice(speaker: str, number: int) -> JudgedUtterance:
        def samples() -> Array:
            read.append(number)
            return np.full(SAMPLE_RATE, 0.5 if speaker == "a" else 0.9, np.float32)

        return JudgedUtterance(speaker, samples)

    voices = [voice(speaker, number) for number in range(20) for speaker in ("a", "b")]
    counts: list[int] = []
    (score,) = evaluate(Levels(), voices, (0.83,), on_progress=counts.append)
    assert score.utterances == 24
    assert sorted(read) == sorted([*range(12), *range(12)])
    assert counts == list(range(1, 25))


def test_short_utterances_give_no_crop_but_are_whole() -> None:
    voices = [steady(s, a, seconds) for s, a in (("a", 0.0), ("b", 1.0)) for seconds in (0.5, 2, 3)]
    short, whole = evaluate(Levels(), voices, (1.6, None))
    assert (short.utterances, whole.utterances) == (4, 6)


@pytest.mark.parametrize("speakers", ["a", "ab", ""])
def test_nothing_to_compare_is_told(speakers: str) -> None:
    voices = [steady(speaker, 0.0) for speaker in speakers]
    with pytest.raises(InputError, match="make no pairs to compare"):
        evaluate(Levels(), voices, (1.6,))
    with pytest.raises(InputError, match="utterances of any length make no pairs"):
        evaluate(Levels(), voices, (None,))


def test_the_shipped_encoder_on_the_four_persons_of_the_seed(shared, tmp_path, capsys) -> None:
    """The card of the starting weights has 26.9, 14.5 and 0.0 %; what ships is no worse."""
    for path in (shared / "eval" / "4persons").glob("*.wav"):
        folder = tmp_path / "persons" / path.stem.partition("_")[0]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / path.name).symlink_to(path)
    assert main(["folders", str(tmp_path / "persons"), "--seconds", "0.83", "1.6", "2.4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    short, middle, long = (float(line.split("EER")[1].split("%")[0]) for line in lines)
    assert short <= 26.9
    assert middle <= 14.5
    assert long == 0.0


def test_the_command_says_what_is_wrong(tmp_path, capsys) -> None:
    assert main(["librispeech", str(tmp_path)]) == 1
    assert "nothing of librispeech" in capsys.readouterr().err


def test_the_shipped_encoder_hears_speech_of_any_length(sample) -> None:
    from core.audio.read import read_audio

    samples = trim_silence(read_audio(sample))[: 8 * SAMPLE_RATE]
    halves = [samples[: 4 * SAMPLE_RATE], samples[4 * SAMPLE_RATE :]]
    voices = [JudgedUtterance(s, lambda half=half: half) for half in halves for s in ("a", "b")]
    for score in evaluate(OnnxEncoder(shipped_models()), voices):
        assert 0.0 <= score.eer <= 1.0
        assert score.utterances == 4
