import numpy as np
import pytest
import soundfile as sf
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.models.manifest import shipped_models
from core.similarity import utterances
from core.stream.encoder import OnnxEncoder

# The seed's README, its first rows.
SEED = """\
0.00  0.32  | 0.70  0.62  | 

0.32  0.00  | 0.68  0.58  | 

********************************************************************************

0.70  0.68  | 0.00  0.35  | 

0.62  0.58  | 0.35  0.00  | 

********************************************************************************

"""
MATRIX = np.array(
    [[0, 0.32, 0.70, 0.62], [0.32, 0, 0.68, 0.58], [0.70, 0.68, 0, 0.35], [0.62, 0.58, 0.35, 0]]
)


class Loudness:
    """Stands in for the network: an embedding that tells what it was given."""

    window, hop, dim = 1600, 800, 2

    def __init__(self):
        self.lengths = []

    def embed(self, windows):
        self.lengths += [len(w) for w in windows]
        return np.array([[abs(w).mean(), 1.0] for w in windows], np.float32)


@pytest.fixture(scope="module")
def encoder():
    return OnnxEncoder(shipped_models())


def test_the_matrix_of_the_seed():
    assert utterances.render(MATRIX, ["a", "a", "b", "b"]) == SEED


def test_a_matrix_of_single_utterances_is_not_divided():
    assert utterances.render(MATRIX[:2, :2], ["a", "b"]) == "0.00  0.32  \n\n0.32  0.00  \n\n"


def test_persons_by_name():
    files = ["x/a_1.wav", "x/a_2.wav", "y/a_3.wav", "x/b10.wav", "x/b 2.wav", "x/c.wav", "d/12.wav"]
    a, same_a, other_folder, b, same_b, c, number = utterances.persons(files)
    assert a == same_a != other_folder
    assert b == same_b
    assert len({a, other_folder, b, c, number}) == 5


def test_separation_lists_what_is_not_apart():
    apart = utterances.separation(MATRIX, ["a", "a", "b", "b"])
    assert apart == utterances.Separation(0.35, 0.58, ())
    mixed = utterances.separation(MATRIX, ["a", "b", "a", "b"])
    assert mixed.across == 0.32
    assert [pair[:2] for pair in mixed.exceptions] == [(0, 2), (1, 3)]
    assert utterances.separation(MATRIX, ["a"] * 4) is None
    assert utterances.separation(MATRIX, list("abcd")) is None


@given(st.integers(0, 3000), st.integers(0, 3000), st.floats(1e-4, 1))
def test_silence_is_cut_at_both_ends_only(before, after, level):
    rng = np.random.default_rng(before)
    voice = rng.uniform(0.5, 1, 4000).astype(np.float32) * np.float32(level)
    voice[1000:3000] = 0
    samples = np.concatenate([np.zeros(before), voice, np.zeros(after)]).astype(np.float32)
    kept = utterances.trimmed(samples)
    assert len(voice) - 320 <= len(kept) <= len(voice) + 320
    assert np.count_nonzero(kept) >= 2000 - 320


def test_nothing_is_left_of_silence():
    assert len(utterances.trimmed(np.zeros(8000, np.float32))) == 0
    assert len(utterances.trimmed(np.zeros(0, np.float32))) == 0


@pytest.mark.parametrize(
    ("length", "pieces"),
    [(1, [1600]), (1599, [1600]), (5000, [5000]), (320_001, [160_001, 160_000])],
)
def test_short_utterances_are_repeated_and_long_ones_cut(length, pieces):
    encoder = Loudness()
    embedding = utterances.embed_utterance(np.full(length, 0.5, np.float32), encoder)
    assert encoder.lengths == pieces
    assert np.linalg.norm(embedding) == pytest.approx(1)


def test_distances_are_euclidean():
    found = utterances.distances(np.array([[1, 0], [0, 1], [1, 0]], np.float32))
    assert found == pytest.approx(np.array([[0, 2**0.5, 0], [2**0.5, 0, 2**0.5], [0, 2**0.5, 0]]))


def test_what_is_no_utterance_is_refused(tmp_path, monkeypatch):
    sf.write(tmp_path / "silence.wav", np.zeros(16_000), 16_000)
    with pytest.raises(InputError, match=r"silence\.wav holds no sound"):
        utterances.embed_file(tmp_path / "silence.wav", Loudness())
    monkeypatch.setattr(utterances, "LONGEST", 16_000)
    sf.write(tmp_path / "long.wav", np.full(40_000, 0.1), 16_000)
    with pytest.raises(InputError, match=r"long\.wav is longer than"):
        utterances.embed_file(tmp_path / "long.wav", Loudness())


def test_an_embedding_of_nothing_is_refused(tmp_path):
    class Deaf(Loudness):
        def embed(self, windows):
            return np.zeros((len(windows), 2), np.float32)

    sf.write(tmp_path / "hum.wav", np.full(16_000, 0.1), 16_000)
    with pytest.raises(InputError, match="nothing that sounds like a voice"):
        utterances.embed_file(tmp_path / "hum.wav", Deaf())


def test_four_persons_are_told_apart(shared, encoder):
    files = sorted((shared / "eval" / "4persons").glob("*.wav"))
    embeddings = np.stack([utterances.embed_file(f, encoder) for f in files])
    matrix = utterances.distances(embeddings)
    groups = utterances.persons(files)
    assert [groups.count(g) for g in groups] == [3] * 12
    found = utterances.separation(matrix, groups)
    assert found.exceptions == ()
    assert found.within < found.across
    assert np.allclose(matrix, matrix.T)
    assert not matrix.diagonal().any()
