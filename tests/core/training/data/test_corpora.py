"""Every layout is read as its publisher lays it out, and nobody who judges is trained on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.training.data.corpora import (
    CORPORA,
    TEST_OTHER,
    Utterance,
    is_for_judging,
    merge,
    read_corpus,
    read_held_out,
    refuse_overlap,
    split_by_speaker,
)

LAYOUTS = {
    "slr38": {
        "ST-CMDS-20170001_1-OS/20170001P00001A0001.wav": "slr38:P00001A",
        "ST-CMDS-20170001_1-OS/20170001P00001I0012.wav": "slr38:P00001I",
        "ST-CMDS-20170001_1-OS/20170001P00001A0001.txt": None,
    },
    "vctk": {
        "wav48/p225/p225_001.wav": "vctk:p225",
        "wav48_silence_trimmed/p226/p226_002_mic1.flac": "vctk:p226",
        "wav48_silence_trimmed/p226/p226_002_mic2.flac": None,
        "wav48_silence_trimmed/s5/s5_001_mic1.flac": "vctk:s5",
        "txt/p225/p225_001.txt": None,
    },
    "voxceleb1": {
        "dev/wav/id10001/1zcIwhmdeo4/00001.wav": "voxceleb:id10001",
        "test/wav/id11251/s4R4hvqrhFw/00009.wav": "voxceleb:id11251",
        "dev/aac/id00012/21Uxsk56VDQ/00001.m4a": None,
    },
    "voxceleb2": {
        "dev/aac/id00012/21Uxsk56VDQ/00001.m4a": "voxceleb:id00012",
        "dev/aac/id09272/21Uxsk56VDQ/00002.aac": "voxceleb:id09272",
        "dev/aac/id10001/1zcIwhmdeo4/00001.wav": None,
    },
    "librispeech": {
        "train-clean-5/1088/134315/1088-134315-0000.flac": "librispeech:1088",
        "librispeech_train-clean-100/103-1240-0000.flac": "librispeech:103",
        "SPEAKERS.TXT": None,
        "train-clean-5/1088/134315/1088-134315.trans.txt": None,
    },
    "speechocean762": {
        "WAVE/SPEAKER0001/000010011.WAV": "speechocean762:SPEAKER0001",
        "WAVE/SPEAKER0250/002500011.WAV": "speechocean762:SPEAKER0250",
        "other.wav": None,
    },
    "speech-commands": {
        "bed/00176480_nohash_0.wav": "speech-commands:00176480",
        "cat/00176480_nohash_0.wav": "speech-commands:00176480",
        "_background_noise_/doing_the_dishes.wav": None,
    },
    "alphanumeric": {
        "audio_data/Addresses/R_1KvCEEGNThnpnzy.wav": "alphanumeric:R_1KvCEEGNThnpnzy",
        "audio_data/Names/R_1KvCEEGNThnpnzy.mp3": "alphanumeric:R_1KvCEEGNThnpnzy",
        "audio_data/Names/notes.wav": None,
    },
    "fsdd": {
        "recordings/0_george_0.wav": "fsdd:george",
        "recordings/9_yweweler_49.wav": "fsdd:yweweler",
        "README.md": None,
    },
    "arabic-speech-commands": {
        "dataset/backward/00000001_NO_01.wav": "arabic-speech-commands:00000001",
        "dataset/zero/00000030_NO_10.wav": "arabic-speech-commands:00000030",
        "background_noise/noise.wav": None,
    },
    "aishell": {
        "wav/train/S0002/BAC009S0002W0122.wav": "aishell:S0002",
        "BAC009S0764W0121.wav": "aishell:S0764",
        "transcript/aishell_transcript_v0.8.txt": None,
    },
    "common-voice": {
        "en/clips/common_voice_en_1.mp3": f"common-voice:{'a1' * 8}",
        "en/clips/common_voice_en_2.mp3": f"common-voice:{'b2' * 8}",
        "fa/clips/common_voice_fa_3.mp3": f"common-voice:{'b2' * 8}",
        "fa/clips/common_voice_fa_4.mp3": None,
        "en/validated.tsv": None,
        "fa/other.tsv": None,
        "fa/times.tsv": None,
    },
    "wuw-corpus-ii": {
        "calls/00000/WUWII00000_000.ulaw": "wuw-corpus-ii:981a13777b343b4d",
        "calls/00000/WUWII00000_006.ulaw": "wuw-corpus-ii:981a13777b343b4d",
        "calls/00001/WUWII00001_001.ulaw": "wuw-corpus-ii:981a13777b343b4d",
        "calls/00000/WUWII00000_006.lin": None,
        "data.json": None,
    },
    "vcc2016": {
        "vcc2016_training/SF1/100001.wav": "vcc2016:SF1",
        "evaluation_all/TM3/200001.wav": "vcc2016:TM3",
        "sample/SF1_to_TM3_200001.wav": None,
    },
    "tedxkr": {
        "data/7Jyg7KCV/r7hLHMYQvp4/7Jyg7KCV-r7hLHMYQvp4-0001.flac": "tedxkr:7Jyg7KCV",
        "data/7Jyg7KCV/r7hLHMYQvp4/7Jyg7KCV-r7hLHMYQvp4.trans.txt": None,
        "data/7Jyg7KCV/r7hLHMYQvp4/other-r7hLHMYQvp4-0001.flac": None,
    },
    "ravdess": {
        "Audio/Actor_01/03-01-01-01-01-01-01.wav": "ravdess:Actor_01",
        "Audio/Actor_24/03-01-08-02-02-02-24.wav": "ravdess:Actor_24",
        "Audio/Actor_24/notes.wav": None,
    },
    "4persons": {
        "a_1.wav": "4persons:a",
        "x_3.wav": "4persons:x",
        "README.md": None,
    },
    "folders": {
        "anna/a.wav": "here:anna",
        "anna/2019/june/b.MP3": "here:anna",
        "ben/c.m4a": "here:ben",
        "ben/d.opus": "here:ben",
        "ben/._c.flac": None,
        ".trash/e.wav": None,
        "f.wav": None,
        "ben/notes.txt": None,
    },
}


NAMED = (("{breath} Maria  Curie", "00000"), ("maria curie", "00001"))
CONTENTS = {
    "validated.tsv": f'client_id\tpath\tsentence\n{"a1" * 64}\tcommon_voice_en_1.mp3\t"Oh\n'
    f"{'b2' * 64}\tcommon_voice_en_2.mp3\tNo.\n",
    "other.tsv": f"path\tclient_id\ncommon_voice_fa_3\t{'b2' * 64}\ncommon_voice_fa_4.mp3\t\n",
    "times.tsv": "clip\tduration[ms]\ncommon_voice_fa_4.mp3\t4000\n",
    "data.json": json.dumps(
        {
            "entries": [
                {"sessionNumber": call, "utteranceNumber": "000", "transcription": name}
                for name, call in NAMED
            ]
        }
    ),
}


def lay(folder: Path, names: dict[str, str | None]) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CONTENTS.get(path.name, "not read here"))
    return folder


def said(speaker: str, count: int = 2) -> list[Utterance]:
    return [Utterance(Path(f"{speaker}-{i}.wav"), speaker, "made") for i in range(count)]


@pytest.mark.parametrize("name", CORPORA)
def test_layout(name: str, tmp_path: Path) -> None:
    folder = lay(tmp_path / "here", LAYOUTS[name])
    found = {str(u.path.relative_to(folder)): u.speaker for u in read_corpus(name, folder)}
    assert found == {path: speaker for path, speaker in LAYOUTS[name].items() if speaker}


@pytest.mark.parametrize("name", sorted(set(CORPORA) - {"folders"}))
def test_every_utterance_has_its_own_name_and_copies_share_it(name: str, tmp_path: Path) -> None:
    once = read_corpus(name, lay(tmp_path / "one", LAYOUTS[name]))
    assert len({u.key for u in once}) == len(once)
    lay(tmp_path / "two" / "copy", LAYOUTS[name])
    assert len(merge(once, read_corpus(name, tmp_path / "two"))) == len(once)
    # The folder of a single speaker, or of a part, is found out the same way.
    first = once[0]
    assert first.speaker in {u.speaker for u in read_corpus(name, first.path.parent)}


def test_both_copies_of_vctk_are_read_once(tmp_path: Path) -> None:
    names = dict.fromkeys(
        ["wav48/p225/p225_001.wav", "wav48_silence_trimmed/p225/p225_001_mic1.flac"]
    )
    (utterance,) = read_corpus("vctk", lay(tmp_path, names))
    assert utterance.id == "p225_001"


def test_excerpts_of_librispeech_share_their_speakers(tmp_path: Path) -> None:
    one = lay(tmp_path / "a", {"train-clean-5/1088/134315/1088-134315-0000.flac": None})
    two = lay(tmp_path / "b", {"1088-134315-0000.flac": None, "1088-134315-0001.flac": None})
    both = merge(read_corpus("librispeech", one), read_corpus("librispeech", two))
    assert [u.speaker for u in both] == ["librispeech:1088"] * 2
    assert {u.id for u in both} == {"1088-134315-0000", "1088-134315-0001"}


def test_kaldi_names_the_speakers_of_flat_speechocean762(tmp_path: Path) -> None:
    lay(tmp_path, {"wav/000030012.WAV": None, "wav/000990012.WAV": None})
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "utt2spk").write_text("000030012 0003\n000040012\t0004\nbroken\n")
    (utterance,) = read_corpus("speechocean762", tmp_path)
    assert utterance.speaker == "speechocean762:SPEAKER0003"


def test_names_that_callers_say_are_never_told(tmp_path: Path) -> None:
    found = read_corpus("wuw-corpus-ii", lay(tmp_path, LAYOUTS["wuw-corpus-ii"]))
    assert {u.session for u in found} == {"00000", "00001"}
    assert not any("curie" in repr(u).lower() for u in found)
    # Without the names each call is somebody else.
    (tmp_path / "data.json").write_text('{"entries": [{}]}')
    found = read_corpus("wuw-corpus-ii", tmp_path)
    assert len({u.speaker for u in found}) == 2


def test_corpora_of_words_have_sessions(tmp_path: Path) -> None:
    for name in LAYOUTS:
        found = read_corpus(name, lay(tmp_path / name, LAYOUTS[name]))
        words = {"speech-commands", "arabic-speech-commands", "fsdd", "wuw-corpus-ii"}
        assert all(bool(u.session) == (name in words) for u in found)


def test_licences() -> None:
    for corpus in CORPORA.values():
        assert corpus.licence
        assert corpus.source
        if re.search(r"\b(NC|ND)\b|unknown", corpus.licence):
            assert not corpus.may_ship
    assert not CORPORA["slr38"].may_ship
    assert CORPORA["librispeech"].may_ship


def test_a_wrong_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no corpus timit: take one of slr38, vctk"):
        read_corpus("timit", tmp_path)
    with pytest.raises(InputError, match="there is no folder"):
        read_corpus("vctk", tmp_path / "none")
    with pytest.raises(InputError, match=r"nothing of vctk in .* wav48/p225"):
        read_corpus("vctk", tmp_path)


def test_the_lists_of_held_out_speakers(shared: Path) -> None:
    ocean = read_held_out(shared / "eval" / "speechocean762-heldout.txt")
    letters = read_held_out(shared / "eval" / "alphanumeric-heldout.txt")
    assert len(ocean) == 40
    assert len(letters) == 10
    assert "speechocean762:SPEAKER0049" in ocean
    assert all(name.startswith("alphanumeric:R_") for name in letters)


def test_listed_speakers_are_refused_by_name(shared: Path, tmp_path: Path) -> None:
    lay(tmp_path, LAYOUTS["alphanumeric"])
    letters = read_held_out(shared / "eval" / "alphanumeric-heldout.txt")
    with pytest.raises(InputError, match="alphanumeric:R_1KvCEEGNThnpnzy must not be trained on"):
        refuse_overlap(read_corpus("alphanumeric", tmp_path), [], letters)


def test_a_list_may_name_its_corpora(tmp_path: Path) -> None:
    path = tmp_path / "mine-heldout.txt"
    path.write_text("vctk:p225\nanna\n")
    assert read_held_out(path) == {"vctk:p225", "mine:anna"}
    path.write_text("\n")
    with pytest.raises(InputError, match="empty"):
        read_held_out(path)
    with pytest.raises(InputError, match="can't read"):
        read_held_out(tmp_path / "none.txt")


@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=60),
    st.floats(0, 0.9),
    st.integers(0, 5),
    st.randoms(),
)
def test_a_speaker_is_on_one_side(
    numbers: list[int], share: float, seed: int, random: object
) -> None:
    utterances = [
        Utterance(Path(f"{i}.wav"), f"made:{number}", "made") for i, number in enumerate(numbers)
    ]
    speakers = {u.speaker for u in utterances}
    if len(speakers) < 2:
        return
    try:
        train, held = split_by_speaker(utterances, share, seed)
    except InputError:
        assert share > 0.5
        return
    assert sorted(train + held) == sorted(utterances)
    assert not {u.speaker for u in train} & {u.speaker for u in held}
    count = len({u.speaker for u in held})
    assert abs(count - share * len(speakers)) <= 1
    random.shuffle(utterances)  # type: ignore[attr-defined]
    assert {u.speaker for u in split_by_speaker(utterances, share, seed)[1]} == {
        u.speaker for u in held
    }


def test_another_seed_holds_out_others() -> None:
    utterances = [u for number in range(40) for u in said(f"made:{number}", 1)]
    assert split_by_speaker(utterances, 0.2, 1) != split_by_speaker(utterances, 0.2, 2)


def test_split_by_name() -> None:
    train, held = split_by_speaker(said("made:a") + said("made:b"), {"made:b", "made:z"})
    assert [u.speaker for u in train] == ["made:a"] * 2
    assert [u.speaker for u in held] == ["made:b"] * 2
    with pytest.raises(InputError, match="none is left"):
        split_by_speaker(said("made:a"), {"made:a"})
    with pytest.raises(ValueError, match="below 1"):
        split_by_speaker(said("made:a"), 1.0)


def test_speakers_who_judge_are_never_trained_on() -> None:
    judges = [
        f"librispeech:{min(TEST_OTHER)}", "ami:MEE068", "RAVDESS:Actor_01", "tedxkr:1", "4persons:a"
    ]  # fmt: skip
    assert all(map(is_for_judging, judges))
    assert not is_for_judging("librispeech:1088")
    assert not is_for_judging(f"vctk:{min(TEST_OTHER)}")
    everybody = [u for speaker in [*judges, "made:a", "made:b"] for u in said(speaker)]
    train, held = split_by_speaker(everybody, 0.0)
    assert {u.speaker for u in train} == {"made:a", "made:b"}
    assert {u.speaker for u in held} == set(judges)
    with pytest.raises(InputError, match="must not be trained on"):
        refuse_overlap(everybody, [])


def test_overlap_is_refused_by_name() -> None:
    refuse_overlap(said("made:a"), said("made:b"), {"made:c"})
    with pytest.raises(InputError, match="made:a must not be trained on"):
        refuse_overlap(said("made:a"), said("made:a"))
    with pytest.raises(InputError, match="made:c must not"):
        refuse_overlap(said("made:a") + said("made:c"), [], {"made:c"})
    many = [u for number in range(9) for u in said(f"made:{number}")]
    with pytest.raises(InputError, match="made:4 and 4 more must not"):
        refuse_overlap(many, many)


def test_one_file_on_both_sides_is_refused(tmp_path: Path) -> None:
    lay(tmp_path / "here", {"anna/a.wav": None, "ben/b.wav": None})
    (tmp_path / "again").symlink_to(tmp_path / "here")
    train = read_corpus("folders", tmp_path / "here")
    held = [Utterance(tmp_path / "again/anna/a.wav", "again:anna", "folders")]
    with pytest.raises(InputError, match=r"a\.wav would be in training and held out"):
        refuse_overlap(train, held)
