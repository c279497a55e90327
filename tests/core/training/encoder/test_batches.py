"""Batches: the same whoever makes them, labelled by speaker and speed, heard beside the teacher."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from core.stream.features import frame_count, normalise
from core.stream.features import spectrogram as spectrum
from core.training.encoder import batches as batches_module
from core.training.encoder.batches import (
    UNLABELLED,
    Batch,
    Batches,
    Crops,
    batches_ahead,
    first_made,
    heard_again,
)
from core.training.files.teacher import TAUGHT, mel_spectrogram
from core.training.files.teachers import TeacherEncoder
from tests.core.training.talking import voice

CROPS = Crops(batch=24, lengths=(9_600,), speeds=(0.9, 1.0, 1.1), noise=0.5, codecs=0.0, seed=3)
PLAIN = replace(CROPS, noise=0.0, babble=0.0, rooms=0.0, blanks=0.0)


@dataclass(frozen=True)
class Said:
    speaker: str
    seconds: float


class Generated:
    """Voices of different lengths; the one without a name belongs to nobody known."""

    def __init__(self, *said: Said) -> None:
        self.utterances = said
        self.durations = np.array([round(16_000 * s.seconds) for s in said])

    def crop(self, index: int, start: int, length: int) -> np.ndarray:
        sound = 0.1 * voice(index, self.utterances[index].seconds)
        assert 0 <= start <= start + length <= len(sound)
        return sound[start : start + length]


def make(crops: Crops = CROPS, teacher: TeacherEncoder | None = None) -> Batches:
    said = [Said("a", 2.0), Said("b", 0.3), Said("b", 0.2), Said("c", 1.0), Said("", 1.5)]
    return Batches(Generated(*said), ["a", "b", ""], crops, None, teacher)


def same(a: object, b: object) -> None:
    for one, other in zip(vars(a).values(), vars(b).values(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_batch_follows_from_its_number() -> None:
    batches = make()
    first = batches.batch(5)
    batches.batch(6)
    same(make().batch(5), first)
    assert not np.array_equal(batches.batch(6).spectrograms, first.spectrograms)


@pytest.mark.parametrize("workers", [0, 2])
def test_batches_come_in_order_from_wherever_they_are_made(workers: int) -> None:
    crops = replace(CROPS, batch=2)
    build = functools.partial(make, crops)
    with batches_ahead(build, lambda _: crops, range(3, 9), workers=workers, ahead=3) as ahead:
        found = list(ahead)
    assert len(found) == 6
    for step, batch in zip(range(3, 9), found, strict=True):
        same(batch, build().batch(step))


def test_an_error_while_a_batch_is_made_reaches_the_one_who_waits() -> None:
    crops = replace(CROPS, lengths=())
    with (
        batches_ahead(make, lambda _: crops, range(3), workers=0) as ahead,
        pytest.raises(ValueError, match="a"),
    ):
        next(ahead)


def test_labels_are_speakers_times_speeds_and_strangers_have_none() -> None:
    batches = make(PLAIN)
    assert batches.speakers == ("a", "b")
    assert batches.classes == 6
    labels = np.concatenate([batches.batch(step).labels for step in range(12)])
    assert set(labels.tolist()) == {UNLABELLED, 0, 1, 2, 3, 4, 5}
    assert batches.batch(0).spectrograms.shape == (24, 257, frame_count(9_600))


class Mels:
    """A teacher that repeats what it hears."""

    name, dim = "mels", 40

    def hear(self, crops: np.ndarray) -> np.ndarray:
        return np.stack([mel_spectrogram(crop, TAUGHT) for crop in crops])


def test_speech_is_never_silence_however_short_the_words() -> None:
    batch = make(replace(PLAIN, teacher=True), Mels()).batch(1)
    assert batch.heard is not None
    assert batch.heard.shape == (24, 9_600 // 160 + 1, 40)
    assert np.isfinite(batch.spectrograms).all()
    # Joined and repeated, the words of b fill the crop to its last frame.
    assert (batch.heard[:, 2:-2].sum(axis=2) > 1e-6).all()


def test_the_teacher_hears_the_crop_before_noise_and_rooms() -> None:
    quiet = replace(PLAIN, teacher=True)
    loud = replace(quiet, noise=1.0, rooms=1.0)
    a, b = make(quiet, Mels()).batch(2), make(loud, Mels()).batch(2)
    assert a.heard is not None
    assert b.heard is not None
    np.testing.assert_array_equal(a.heard, b.heard)
    assert np.abs(a.spectrograms - b.spectrograms).max() > 1


def test_the_teacher_hears_what_is_changed_for_both() -> None:
    quiet = replace(PLAIN, teacher=True)
    plain = make(quiet, Mels()).batch(2)
    for changes in ({"equaliser": 1.0}, {"together": 1.0, "rooms": 1.0}):
        batch = make(replace(quiet, **changes), Mels()).batch(2)  # type: ignore[arg-type]
        assert plain.heard is not None
        assert batch.heard is not None
        assert np.abs(batch.heard - plain.heard).max() > 0.01 * plain.heard.max()
        assert np.abs(batch.spectrograms - plain.spectrograms).max() > 1


def test_a_second_voice_beneath_is_for_the_network_alone() -> None:
    quiet = replace(PLAIN, teacher=True)
    alone, two = (make(replace(quiet, underneath=u), Mels()).batch(2) for u in (0.0, 0.99999))
    assert alone.heard is not None
    assert two.heard is not None
    np.testing.assert_array_equal(alone.heard, two.heard)
    np.testing.assert_array_equal(alone.labels, two.labels)
    apart = np.abs(alone.spectrograms - two.spectrograms).mean(axis=(1, 2))
    assert (apart > 0.01).all()


def test_out_of_a_crop_a_stretch_is_cut_and_the_teacher_hears_whole_speech() -> None:
    """What is left are frames of one stretch of sound, in order, but for the gap."""
    whole, cut = (
        make(replace(PLAIN, teacher=True, cut=c, speeds=(1.0,)), Level()).batch(2)
        for c in (0.0, 0.99999)
    )
    assert cut.spectrograms.shape == whole.spectrograms.shape
    assert whole.heard is not None
    assert cut.heard is not None
    assert cut.heard.shape == whole.heard.shape
    gaps = 0
    for spectrogram, samples in zip(cut.spectrograms, cut.heard, strict=True):
        frames = normalise(spectrum(samples))
        alike = np.abs(spectrogram[:, : frames.shape[1]] - frames).mean(axis=0) < 1e-4
        first = int(alike.argmin()) if not alike.all() else len(alike)
        assert not alike[first:].any()  # the teacher hears on where the network skips
        gaps += first < len(alike)
    assert gaps > 12


class Level:
    """A teacher that gives back what it hears."""

    name, dim = "level", 9_600

    def hear(self, crops: np.ndarray) -> np.ndarray:
        return crops


def test_pairs_are_of_one_voice_at_one_speed_and_not_the_same_crop() -> None:
    batch = make(replace(PLAIN, pairs=True)).batch(3)
    np.testing.assert_array_equal(batch.labels[::2], batch.labels[1::2])
    assert len(set(batch.labels.tolist())) > 3
    pairs = zip(batch.spectrograms[::2], batch.spectrograms[1::2], strict=True)
    assert np.mean([np.array_equal(one, other) for one, other in pairs]) < 0.5
    odd = make(replace(PLAIN, pairs=True, batch=5)).batch(3)
    assert len(odd.labels) == 5


def test_the_teacher_hears_more_of_the_voice_around_the_crop() -> None:
    crops = replace(PLAIN, teacher=True, context=12_800)
    batch = make(crops, Mels()).batch(2)
    assert batch.heard is not None
    assert batch.heard.shape == (24, 12_800 // 160 + 1, 40)
    assert batch.spectrograms.shape == (24, 257, frame_count(9_600))
    with pytest.raises(ValueError, match="teacher"):
        make(crops)


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("first", [0, 5, 11])
@pytest.mark.parametrize("mixed", [False, True], ids=["one length", "two lengths"])
def test_every_crop_is_heard_as_often_as_asked_and_in_other_company(
    times: int, first: int, mixed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches_module, "AGAIN", 4)
    block = 4 * times

    def made(numbers: range) -> Iterator[Batch]:
        for n in numbers:
            rows = np.arange(3) + 100 * n
            length = 1 + n % 2 if mixed else 1
            spectrograms = np.broadcast_to(rows[:, np.newaxis], (3, length))
            yield Batch(spectrograms.astype(np.float32), rows.astype(np.int32), None)

    steps = range(first, 3 * block)
    found = list(heard_again(made(first_made(steps, times)), times, steps))
    assert len(found) == len(steps)
    whole = list(heard_again(made(range(12)), times, range(3 * block)))
    for ours, theirs in zip(found, whole[first:], strict=True):
        np.testing.assert_array_equal(ours.labels, theirs.labels)
        np.testing.assert_array_equal(ours.spectrograms[:, 0], theirs.labels)
    heard = np.concatenate([batch.labels for batch in whole])
    numbers, counts = np.unique(heard, return_counts=True)
    assert len(numbers) == 36
    assert set(counts.tolist()) == {times}
    if times > 1:
        assert len({n // 100 for n in whole[4].labels.tolist()}) > 1
