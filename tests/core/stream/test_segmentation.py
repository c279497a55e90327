"""Segmentation: tiles that cover the recording once, however it comes, and voices that go on."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.audio.read import read_audio
from core.errors import ModelError
from core.models.manifest import ModelSet, shipped_models
from core.stream.segmentation import (
    CHUNK,
    CLASSES,
    HOP,
    LOCAL,
    MARGIN,
    OFFSET,
    STEP,
    Segmentation,
    Tile,
    frame_at,
    onnx_network,
    sample_at,
)
from core.units import SAMPLE_RATE

Array = NDArray[np.float32]

S = SAMPLE_RATE
FRAMES = 589
"""That the network answers a whole chunk with."""


def frames_of(samples: int) -> int:
    """How many frames the network answers with: its kernels and strides."""
    for kernel, stride in ((251, 10), (3, 3), (5, 1), (3, 3), (5, 1), (3, 3)):
        samples = (samples - kernel) // stride + 1
    return samples


def log_of(who: NDArray[np.intp]) -> Array:
    """The network's answer if it is nearly sure of a class in each frame."""
    probabilities = np.full((len(who), len(CLASSES)), 0.01, np.float32)
    probabilities[np.arange(len(who)), who] = 0.94
    return np.log(probabilities)


def loud(samples: Array) -> Array:
    """A network to which class n speaks where the middle of a frame is n / 10."""
    at = 495 + STEP * np.arange(frames_of(len(samples)))
    return log_of(np.rint(np.abs(samples[at]) * 10).astype(int))


def shuffled(samples: Array) -> Array:
    """The same; but its local voices have other places in each chunk, as the network's have."""
    order = np.random.default_rng(int(np.abs(samples[::STEP]).sum() * 1e3)).permutation(LOCAL)
    answer = loud(samples)
    places = [CLASSES.index(tuple(sorted(int(order[v]) for v in who))) for who in CLASSES]
    moved = np.empty_like(answer)
    moved[:, places] = answer
    return moved


def tiles_of(stage: Segmentation, samples: Array, cuts: list[int]) -> list[Tile]:
    found: list[Tile] = []
    for start, end in pairwise([0, *sorted(cuts), len(samples)]):
        found += stage.push(samples[start:end])
    return found + stage.flush()


def same(some: list[Tile], others: list[Tile]) -> bool:
    return len(some) == len(others) and all(
        (a.first, a.end, a.origin) == (b.first, b.end, b.origin)
        and all(
            np.array_equal(getattr(a, name), getattr(b, name))
            for name in ("voices", "speech", "overlap", "tracks")
        )
        for a, b in zip(some, others, strict=True)
    )


def talk(length: int, seed: int = 0) -> Array:
    """Samples for :func:`loud`: who speaks changes every second or so."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(S // 2, 3 * S, length // (S // 2) + 1)
    return np.repeat(rng.choice(len(CLASSES), len(lengths)), lengths)[:length].astype(
        np.float32
    ) / np.float32(10)


LENGTHS = [1, 100, S // 2, CHUNK - 1, CHUNK, CHUNK + 1, 10 * S, CHUNK + HOP, 25 * S, 25 * S + 91]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("network", [loud, shuffled])
def test_every_frame_is_decided_once_by_a_chunk_that_hears_it(network, length: int) -> None:
    samples = talk(length)
    tiles = tiles_of(Segmentation(network), samples, [])
    assert tiles[0].first == 0
    assert all(a.end == b.first for a, b in pairwise(tiles))
    assert tiles[-1].end == frame_at(length - 1) + 1
    assert sample_at(tiles[-1].end) >= length
    speech = np.concatenate([tile.speech[tile.own] for tile in tiles])
    overlap = np.concatenate([tile.overlap[tile.own] for tile in tiles])
    centres = np.arange(len(speech)) * STEP + 495 - STEP  # as the network's frames have them
    # The first frame stands for what is before it, the last for what is after it.
    last = (length - 991) // STEP if length >= HOP else max(0, (length - 496) // STEP)
    centres = np.clip(centres, 495, 495 + STEP * last)
    heard = centres < length
    who = np.rint(samples[centres[heard]] * 10)
    np.testing.assert_array_equal(speech[heard] > 0.5, who > 0)
    np.testing.assert_array_equal(overlap[heard] > 0.5, who > 3)
    for tile in tiles:
        rows = len(tile.voices)
        assert tile.voices.dtype == tile.speech.dtype == tile.overlap.dtype == np.float32
        assert tile.voices.shape == (rows, LOCAL)
        assert tile.speech.shape == tile.overlap.shape == (rows,)
        assert tile.origin == max(0, tile.first - MARGIN)
        assert tile.origin + rows == (tile.end if tile is tiles[-1] else tile.end + MARGIN)
        assert len(set(tile.tracks.tolist())) == LOCAL
        # What the voices say together is what anybody says.
        np.testing.assert_allclose(tile.voices.sum(axis=1), tile.speech + tile.overlap, atol=1e-5)


def test_a_recording_without_a_sample_has_no_tile() -> None:
    stage = Segmentation(loud)
    assert stage.push(np.zeros(0, np.float32)) == []
    assert stage.preview() is None
    assert stage.flush() == []


def test_frames_and_samples() -> None:
    assert [frame_at(n) for n in (0, OFFSET, 359, 360, 629, 630)] == [0, 0, 0, 1, 1, 2]
    assert [sample_at(n) for n in (0, 1, 2)] == [0, 360, 630]
    assert all(frame_at(sample_at(n)) == n == frame_at(sample_at(n + 1) - 1) for n in range(50))


@given(length=st.integers(0, 30 * S), seed=st.integers(0, 9), data=st.data())
@settings(max_examples=25)
def test_chunks_do_not_matter(length: int, seed: int, data: st.DataObject) -> None:
    samples = talk(length, seed)
    whole = tiles_of(Segmentation(shuffled), samples, [])
    cuts = data.draw(st.lists(st.integers(0, length), max_size=12))
    threads = data.draw(st.sampled_from([1, 2, 5]))
    stage = Segmentation(shuffled, threads)
    found: list[Tile] = []
    for start, end in pairwise([0, *sorted(cuts), length]):
        found += stage.push(samples[start:end])
        if data.draw(st.booleans()):
            stage.preview()
    assert same(found + stage.flush(), whole)


def test_a_preview_is_what_the_end_would_say_and_changes_nothing() -> None:
    samples = talk(27 * S)
    stage = Segmentation(shuffled)
    found: list[Tile] = []
    for at in range(0, len(samples), 2 * S):
        found += stage.push(samples[at : at + 2 * S])
        end = min(at + 2 * S, len(samples))
        preview = stage.preview()
        assert preview is not None
        assert preview.first == (found[-1].end if found else 0)
        assert same([*found, preview], tiles_of(Segmentation(shuffled), samples[:end], []))
    assert same(found + stage.flush(), tiles_of(Segmentation(shuffled), samples, []))
    assert stage.preview() is None


def test_the_tile_is_there_with_the_last_sample_of_its_chunk() -> None:
    stage = Segmentation(loud)
    assert stage.push(np.zeros(stage.window - 1, np.float32)) == []
    assert len(stage.push(np.zeros(1, np.float32))) == 1
    assert stage.push(np.zeros(stage.hop - 1, np.float32)) == []
    assert len(stage.push(np.zeros(1, np.float32))) == 1
    assert len(stage.push(np.zeros(3 * stage.hop, np.float32))) == 3


def speaking(*spans: tuple[int, float, float], length: float) -> Array:
    """Samples for :func:`loud`: class, from and to in seconds."""
    samples = np.zeros(int(length * S), np.float32)
    for who, start, end in spans:
        samples[int(start * S) : int(end * S)] = who / 10
    return samples


def track_of(tile: Tile) -> int:
    """Of the voice that speaks most in a tile."""
    return int(tile.tracks[tile.voices[tile.own].sum(axis=0).argmax()])


def test_voices_that_speak_in_two_chunks_go_on_wherever_they_are_in_it() -> None:
    """Two take turns: each keeps its number through all chunks, the third local voice doesn't."""
    spans = [(1 + n % 2, 1.5 * n, 1.5 * n + 1.4) for n in range(40)]
    tiles = tiles_of(Segmentation(shuffled), speaking(*spans, length=60), [])
    assert len(tiles) == 12
    kept = set.intersection(*(set(tile.tracks.tolist()) for tile in tiles))
    assert len(kept) == 2
    for tile in tiles:
        loudest = tile.voices[tile.own].sum(axis=0).argsort()[1:]
        assert set(tile.tracks[loudest].tolist()) == kept
    # Nobody is two: a number is never given again.
    others = [n for tile in tiles for n in tile.tracks.tolist() if n not in kept]
    assert len(others) == len(set(others))


def test_a_voice_that_is_silent_where_chunks_meet_is_new() -> None:
    samples = speaking((1, 0, 4), (1, 20, 24), length=30)
    tiles = tiles_of(Segmentation(loud), samples, [])
    talking = [t for t in tiles if t.speech[t.own].max() > 0.5]
    assert len(talking) >= 2
    assert track_of(talking[0]) != track_of(talking[-1])


def test_a_voice_that_both_chunks_hardly_hear_does_not_go_on() -> None:
    """The first two chunks share the seconds from 5 to 10."""
    long, short = (
        tiles_of(Segmentation(loud), speaking((1, 2, 5 + more), length=15), [])
        for more in (1.5, 0.4)
    )
    assert long[0].tracks[0] == long[1].tracks[0]
    assert short[0].tracks[0] != short[1].tracks[0]


def test_values_that_are_not_numbers_are_silence() -> None:
    samples = talk(12 * S)
    holes, silent = samples.copy(), samples.copy()
    holes[S : 2 * S] = np.nan
    holes[3 * S] = np.inf
    silent[S : 2 * S] = silent[3 * S] = 0
    assert same(
        tiles_of(Segmentation(loud), holes, [5 * S]), tiles_of(Segmentation(loud), silent, [])
    )


# the network that ships


@pytest.fixture(scope="module")
def shipped() -> bytes:
    return Segmentation.file(shipped_models())


@pytest.fixture(scope="module")
def conversation(sample: Path) -> Array:
    return read_audio(sample)[: 22 * S]


def test_the_shipped_network_hears_the_same_however_it_comes(
    shipped: bytes, conversation: Array
) -> None:
    whole = tiles_of(Segmentation.of_bytes(shipped), conversation, [])
    cut = tiles_of(
        Segmentation.of_bytes(shipped, threads=2), conversation, [1, 100, 3 * S, CHUNK, 21 * S]
    )
    assert len(whole) == 4
    assert same(cut, whole)


def test_the_shipped_network_hears_who_speaks(sample: Path, conversation: Array) -> None:
    """Of the sample conversation, whose turns are known: nearly every frame is right."""
    from core.formats import rttm

    (reference,) = rttm.read(sample.with_suffix(".rttm")).values()
    tiles = tiles_of(Segmentation.of(shipped_models()), conversation, [])
    speech = np.concatenate([tile.speech[tile.own] for tile in tiles]) > 0.5
    centres = np.array([sample_at(n) for n in range(len(speech))]) + STEP // 2
    truth = np.zeros(len(speech), bool)
    for turn in reference.turns:
        truth |= (turn.start <= centres) & (centres < turn.end)
    assert 0.3 < truth.mean() < 0.99
    assert (speech == truth).mean() > 0.9


@pytest.mark.parametrize("length", [100, S // 2, 3 * S, 12 * S])
def test_silence_is_nobody(shipped: bytes, length: int) -> None:
    tiles = tiles_of(Segmentation.of_bytes(shipped), np.zeros(length, np.float32), [])
    assert max(tile.speech.max() for tile in tiles) < 0.5


def test_nothing_but_holes_is_no_speech(shipped: bytes) -> None:
    (tile,) = tiles_of(Segmentation.of_bytes(shipped), np.full(S, np.nan, np.float32), [])
    assert np.isfinite(tile.voices).all()
    assert tile.speech.max() < 0.5


def test_the_shipped_network_gives_the_stored_numbers(shipped: bytes) -> None:
    """A voice-like buzz of 10 s, computed; the answers are those of the published weights, to what
    8 bits tell."""
    time = np.arange(10 * S) / S
    pitch = 120 + 30 * np.sin(2 * np.pi * 0.7 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / S
    buzz = sum(np.sin(n * phase) / n for n in range(1, 20))
    beat = np.clip(np.sin(2 * np.pi * 2.5 * time), 0, 1) * (time % 4 < 2.5)
    answer = onnx_network(shipped)((0.05 * buzz * beat).astype(np.float32))
    assert answer.shape == (FRAMES, len(CLASSES))
    np.testing.assert_allclose(np.exp(answer).sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.exp(answer[STORED_AT]), np.exp(STORED), atol=0.1)
    assert answer[STORED_AT].argmax(axis=1).tolist() == np.argmax(STORED, axis=1).tolist()


STORED_AT = [20, 120, 300, 500]
STORED = [
    [-4.0642, -2.9640, -2.1429, -0.5517, -3.5990, -4.3843, -1.6190],
    [-6.0408, -3.2546, -1.9719, -1.0371, -2.9928, -4.9495, -0.8962],
    [-3.7152, -7.0257, -1.1493, -3.2955, -4.3955, -7.7604, -0.4974],
    [-7.9755, -6.8459, -0.0457, -6.2242, -5.8219, -10.1717, -3.2630],
]


def test_another_network_is_refused(shipped: bytes) -> None:
    with pytest.raises(ModelError, match="another version"):
        Segmentation.of_bytes((shipped_models().folder / "ghostvlad.onnx").read_bytes())
    with pytest.raises(ModelError, match="can't load"):
        Segmentation.of_bytes(shipped[:1000])


def test_models_without_one_use_that_of_the_program(shipped: bytes) -> None:
    models = shipped_models()
    older = ModelSet(models.folder, models.encoder, models.decoder, models.speech)
    assert Segmentation.file(older) == shipped
