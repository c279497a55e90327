"""How many voices there are is learnt from conversations."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.annotation.values import Annotation, Turn
from core.errors import InputError
from core.refine.grouping import Counting
from core.training.data.hearing import NOBODY, HeardConversation
from core.training.speakers.counting import (
    cases,
    crossed,
    evidence,
    fit,
    main,
    pieces,
    recorded,
)
from core.units import SAMPLE_RATE

HOP, WINDOW = 8000, 25_840


def talk(voices: int, seed: int, turns: int = 6) -> HeardConversation:
    """Turns of eight windows (4 s); each voice has its own direction."""
    rng = np.random.default_rng(seed)
    means = rng.normal(0, 1, (voices, 32))
    labels = np.repeat(np.arange(turns) % voices, 8)
    found = means[labels] + rng.normal(0, 0.4, (len(labels), 32))
    starts = np.arange(len(labels)) * HOP
    windows = np.stack([starts, starts + WINDOW, np.full(len(starts), NOBODY)], axis=1)
    centres = starts + WINDOW // 2
    said = [
        Turn(int(c) - HOP // 2, int(c) + HOP // 2, int(v))
        for c, v in zip(centres, labels, strict=True)
    ]
    reference = Annotation.build(said, int(starts[-1]) + WINDOW)
    return HeardConversation(
        reference, windows, found.astype(np.float32), (), np.ones(1, np.float32), WINDOW, HOP, 512
    )


def test_choosing_the_true_number_costs_nothing_and_is_learnt() -> None:
    counts = [1, 2, 3, 1, 2, 3]
    known = cases(("talk", talk(count, seed)) for seed, count in enumerate(counts))
    whole = [case for case in known if case.group == "talk, whole"]
    assert len(whole) == len(counts)
    for count, case in zip(counts, whole, strict=True):
        assert case.costs[count - 1] == case.costs.min()
        assert case.costs[count - 1] < 0.05
    spoilt = Counting(clarity=0, more=9, alone=0, changes=0, turns=0)
    for counting, right in ((spoilt, False), (fit(whole, spoilt), True)):
        assert ([case.chosen(counting) for case in whole] == counts) is right


def test_what_is_learnt_is_judged_on_other_conversations() -> None:
    counts = [1, 2, 3, 1, 2, 3, 2, 1]
    known = cases(("talk", talk(count, seed)) for seed, count in enumerate(counts))
    whole = [case for case in known if case.group == "talk, whole"]
    assert crossed(whole) == counts
    # The costs of one conversation say nothing of the number that is found for itself.
    wrong = replace(whole[1], costs=1 - whole[1].costs)
    assert crossed([whole[0], wrong, *whole[2:]])[1] == crossed(whole)[1]


def test_conversations_are_learnt_from_in_pieces_too() -> None:
    long = talk(2, 0, 8)  # 33 s
    (piece,) = pieces(long)
    centres = piece.windows[:, :2].mean(axis=1)
    assert len(centres) == 39  # the rest is too short for a piece
    assert centres.max() < 20 * SAMPLE_RATE
    found = cases([("talk", long), ("other", long)])
    kinds = [(case.group, case.conversation) for case in found]
    assert [kind for kind in kinds if "one voice" not in kind[0]] == [
        ("talk, whole", 0),
        ("talk, pieces", 0),
        ("other, whole", 1),
        ("other, pieces", 1),
    ]


def test_a_conversation_too_short_to_tell_is_left_out() -> None:
    long = talk(2, 0)
    short = replace(long, windows=long.windows[:3], embeddings=long.embeddings[:3])
    assert evidence(short) is None


def test_recordings_are_found_with_their_turns(tmp_path: Path) -> None:
    (tmp_path / "a.rttm").write_text("SPEAKER a 1 0.5 1.0 <NA> <NA> x <NA> <NA>\n")
    with pytest.raises(InputError, match="no recording with its turns"):
        recorded(tmp_path)
    (tmp_path / "a.wav").touch()
    ((path, reference),) = recorded(tmp_path)
    assert path.name == "a.wav"
    assert len(reference.turns) == 1


def test_the_command_says_what_a_folder_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert "NAME.rttm" in capsys.readouterr().err


def test_one_person_is_one_voice() -> None:
    found = [case for case in cases([("talk", talk(2, 0, 14))]) if case.group == "one voice"]
    assert len(found) == 2 * 3  # of 56 windows each: two of 25, one of 50
    assert all(case.costs.argmin() == 0 for case in found)


def test_a_group_may_count_several_times() -> None:
    one = cases([("one", talk(1, 0))])[0]
    two = replace(one, group="two", costs=one.costs[::-1].copy())
    assert fit([one, two], times={"one, whole": 9}).alone > fit([one, two], times={"two": 9}).alone
