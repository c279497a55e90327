"""Several files of one meeting: laid on one timeline, read in step, heard apart."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.audio.read import AudioReader, read_audio
from core.audio.together.laying import laid
from core.audio.together.listing import MeetingFile, read_together, write_together
from core.audio.together.names import names_of
from core.channels.reading import split_of
from core.errors import InputError
from core.units import SAMPLE_RATE
from tests.core.channels.calls import ADA, BEN, CORA, call, leaking, resampled

OFFSETS = (0.0, 3.2, 1.5)


def written(folder: Path, sound: np.ndarray, rates=(SAMPLE_RATE, SAMPLE_RATE, SAMPLE_RATE)):
    """A file for each channel, each begun at another time."""
    paths = []
    for n, (offset, rate) in enumerate(zip(OFFSETS, rates, strict=True)):
        paths.append(folder / f"{n + 1}-{'abc'[n] * 3}.wav")
        own = sound[round(offset * SAMPLE_RATE) :, [n]]
        soundfile.write(paths[-1], own if rate == SAMPLE_RATE else up(own, rate), rate)
    return paths


def up(sound: np.ndarray, rate: int) -> np.ndarray:
    return np.repeat(sound, rate // SAMPLE_RATE, axis=0)


@pytest.fixture(scope="module")
def people(sample):
    return call(sample, [ADA], [BEN], [CORA])


@pytest.mark.parametrize("gain", [-12, -30])
def test_files_that_hear_each_other_are_laid_by_it(tmp_path, people, gain):
    found = laid(written(tmp_path, leaking(people, gain)))
    assert [one.part.found for one in found] == ["first", "sound", "sound"]
    assert [one.part.start for one in found] == pytest.approx(OFFSETS, abs=0.02)
    assert min(one.confidence for one in found) > 0.5


def test_files_that_hear_nothing_of_each_other_begin_together_and_that_is_said(tmp_path, people):
    found = laid(written(tmp_path, people))
    assert [(one.part.start, one.part.found) for one in found[1:]] == [(0.0, "")] * 2
    assert "nothing tells" in found[1].said


def test_an_offset_decides_and_one_before_the_first_moves_all(tmp_path, people):
    paths = written(tmp_path, people)
    found = laid(paths, {paths[1]: -2.0, paths[2]: 4.5})
    assert [one.part.start for one in found] == [2.0, 0.0, 6.5]
    assert [one.part.found for one in found] == ["first", "given", "given"]


def test_the_time_reference_of_broadcast_wav_counts(tmp_path, people):
    paths = written(tmp_path, people)
    for path, late in zip(paths, OFFSETS, strict=True):
        bext = bytearray(602)
        bext[320:338] = b"2024-05-0210-00-00"
        bext[338:346] = round((36_000 + late) * SAMPLE_RATE).to_bytes(8, "little")
        data = path.read_bytes()
        chunk = b"bext" + len(bext).to_bytes(4, "little") + bytes(bext)
        size = (len(data) - 8 + len(chunk)).to_bytes(4, "little")
        path.write_bytes(data[:4] + size + data[8:12] + chunk + data[12:])
    found = laid(paths)
    assert [one.part.start for one in found] == pytest.approx(OFFSETS, abs=1e-3)
    assert [one.part.found for one in found[1:]] == ["metadata"] * 2


def test_files_of_different_lengths_and_rates_are_read_in_step(tmp_path, people):
    paths = written(tmp_path, people, (SAMPLE_RATE, 2 * SAMPLE_RATE, 3 * SAMPLE_RATE))
    parts = [MeetingFile(p, p.stem, start) for p, start in zip(paths, OFFSETS, strict=True)]
    write_together(tuple(parts), tmp_path / "talk.together")
    with AudioReader(tmp_path / "talk.together") as reader:
        assert (reader.info.sample_rate, reader.info.channels) == (3 * SAMPLE_RATE, 3)
        assert reader.info.duration == len(people)
        sound = resampled(np.concatenate(list(reader.frames())), reader.info.sample_rate)
    assert abs(len(sound) - len(people)) < 10
    for n, offset in enumerate(OFFSETS):
        start = round(offset * SAMPLE_RATE)
        assert np.abs(sound[: max(0, start - 100), n]).max(initial=0) < 1e-6
        one, other = sound[start : len(people) - 10, n], people[start : len(people) - 10, n]
        assert np.corrcoef(one, other)[0, 1] > 0.95


def test_lanes_are_called_after_the_files_and_moving_all_together_does_no_harm(tmp_path, people):
    folder = tmp_path / "one"
    folder.mkdir()
    found = laid(written(folder, leaking(people, -20)))
    write_together(tuple(one.part for one in found), folder / "talk.together")
    folder.rename(tmp_path / "two")
    split = split_of(tmp_path / "two" / "talk.together")
    assert split is not None
    assert split.names == ("aaa", "bbb", "ccc")


@pytest.mark.parametrize(
    ("stems", "names"),
    [
        (
            ["audioJohnSmith11234567890", "audioÉvaKovács21234567890"],
            ("John Smith", "Éva Kovács"),
        ),
        (["1-anna", "2-ben_berg_1234"], ("anna", "ben berg")),
        (["riverside_anna_raw-audio_show_0001", "riverside_ben_raw"], ("anna", "ben")),
        (["talk-anna", "talk-ben"], ("anna", "ben")),
        (["a", "a"], ("a 1", "a 2")),
    ],
)
def test_names_are_cleaned(stems, names):
    assert names_of([Path(f"{stem}.wav") for stem in stems]) == names


def test_what_cannot_be_laid_is_said_in_a_line(tmp_path, people):
    paths = written(tmp_path, people)
    copy = tmp_path / "copy.wav"
    copy.write_bytes(paths[0].read_bytes())
    (tmp_path / "text.wav").write_text("no sound at all")
    for given, offsets, words in (
        ([*paths, copy], {}, "the same as"),
        ([*paths, tmp_path / "text.wav"], {}, "text.wav"),
        ([*paths, tmp_path / "gone.wav"], {}, "no such file"),
        (paths, {tmp_path / "other.wav": 1.0}, "none of the files"),
        (paths[:1], {}, "needs two"),
        (paths * 6, {}, "too many"),
        (paths, {paths[1]: -80_000.0, paths[2]: 80_000.0}, "more than a day"),
    ):
        with pytest.raises(InputError, match=words) as caught:
            laid(given, offsets)
        assert "\n" not in str(caught.value)


def test_a_missing_file_is_asked_for_and_another_is_noticed(tmp_path, people):
    found = laid(written(tmp_path, people))
    target = tmp_path / "talk.together"
    write_together(tuple(one.part for one in found), target)
    with (tmp_path / "1-aaa.wav").open("ab") as file:
        file.write(bytes(10))
    with AudioReader(target) as reader:
        list(reader)
    assert any("1-aaa.wav is another file" in line for line in reader.warnings)
    (tmp_path / "2-bbb.wav").unlink()
    with pytest.raises(InputError, match=r"2-bbb\.wav of this meeting is missing"):
        read_audio(target)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": "voicelanes together", "version": 1, "files": []}',
        '{"format": "voicelanes together", "version": 2, "files": []}',
        '{"format": "voicelanes together", "version": 1, "files": [{"path": "a", "start": -1}]}',
        '{"format": "voicelanes together", "version": 1, "files": [{"path": "a", "start": NaN}]}',
        '{"format": "voicelanes together", "version": 1, "files": [{"path": "a", "track": "x"}]}',
        '{"format": "voicelanes together", "version": 1, "files": [{"path": 3}]}',
        '{"format": "voicelanes together", "version": 1, "files": [{"path": "talk.together"}]}',
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "talk.together"
    path.write_text(text)
    with pytest.raises(InputError):
        read_audio(path)


def test_a_list_keeps_what_is_said_of_its_files(tmp_path):
    parts = (
        MeetingFile(tmp_path / "a" / "x.wav", "Anna", 0.25, 2, "given", 7),
        MeetingFile(tmp_path.parent / "y.wav", "Ben"),
    )
    write_together(parts, tmp_path / "talk.together")
    assert read_together(tmp_path / "talk.together") == parts


def test_what_leaks_before_a_file_begins_makes_no_turns_after_it(tmp_path, people):
    """Silence before it must not pass for a channel that nothing leaks to."""
    found = laid(written(tmp_path, leaking(people, -40)))
    write_together(tuple(one.part for one in found), tmp_path / "talk.together")
    split = split_of(tmp_path / "talk.together")
    assert split is not None
    first = slice(4 * 50, 8 * 50)  # Ada alone speaks
    assert [row[first].mean() > 0.5 for row in split.open] == [True, False, False]
