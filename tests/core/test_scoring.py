from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyannote.core import Annotation as PyannoteAnnotation
from pyannote.core import Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from core.annotation import Annotation, Turn
from core.formats import rttm
from core.scoring import Mistake, Score, compare, eer, extent, score, total
from core.units import SAMPLE_RATE


@st.composite
def annotations(draw):
    turns = draw(
        st.lists(st.tuples(st.integers(0, 60), st.integers(1, 25), st.integers(0, 2)), max_size=7)
    )
    return Annotation.build(Turn(start, start + length, s) for start, length, s in turns)


def by_counting(reference, hypothesis, region, collar, skip_overlap):
    """DER sample by sample and with every mapping tried: slow, and plainly the definition."""

    def who(annotation, i):
        return {t.speaker for t in annotation.turns if t.start <= i < t.end}

    near = {i for e in reference.edges() for i in range(e - collar, e + collar)}
    scored = [
        (who(reference, i), who(hypothesis, i))
        for start, end in region
        for i in range(start, end)
        if i not in near and not (skip_overlap and len(who(reference, i)) > 1)
    ]
    speech = sum(len(r) for r, _ in scored)
    missed = sum(max(0, len(r) - len(h)) for r, h in scored)
    false_alarm = sum(max(0, len(h) - len(r)) for r, h in scored)
    right = max(
        sum(len(r & {mapping[s] for s in h}) for r, h in scored)
        for mapping in permutations(range(3))
    )
    return speech, missed, false_alarm, sum(min(len(r), len(h)) for r, h in scored) - right


@given(annotations(), annotations(), st.integers(0, 6), st.booleans(), st.booleans())
def test_the_parts_are_what_counting_gives(reference, hypothesis, collar, skip_overlap, uem):
    region = ((5, 30), (40, 70)) if uem else extent(reference, hypothesis)
    result = score(
        reference,
        hypothesis,
        collar=collar / SAMPLE_RATE,
        skip_overlap=skip_overlap,
        region=region if uem else None,
    )
    parts = (result.total, result.missed, result.false_alarm, result.confusion)
    assert parts == by_counting(reference, hypothesis, region, collar, skip_overlap)


@given(annotations(), annotations(), st.integers(0, 6))
def test_what_is_excluded_is_not_scored(reference, hypothesis, collar):
    result = compare(
        reference,
        hypothesis,
        collar=collar / SAMPLE_RATE,
        region=((0, 100),),
        excluded=((10, 20), (50, 150)),
    )
    parts = (
        result.score.total,
        result.score.missed,
        result.score.false_alarm,
        result.score.confusion,
    )
    assert parts == by_counting(reference, hypothesis, ((0, 10), (20, 50)), collar, False)
    assert not any(m.end > 10 and m.start < 20 for m in result.mistakes)


@given(annotations(), annotations(), st.integers(0, 6), st.booleans())
def test_mistakes_add_up_to_the_score_and_lie_where_they_are(
    reference, hypothesis, collar, skip_overlap
):
    result = compare(reference, hypothesis, collar=collar / SAMPLE_RATE, skip_overlap=skip_overlap)
    assert result.score == score(
        reference, hypothesis, collar=collar / SAMPLE_RATE, skip_overlap=skip_overlap
    )
    parts = {"missed": 0, "false alarm": 0, "confusion": 0}
    ends = {}
    for start, end, kind, count in result.mistakes:
        parts[kind] += (end - start) * count
        assert (ends.get(kind, (-1, 0))[0], 0) < (start, count)
        ends[kind] = (end, count)
        for i in range(start, end):
            r = {t.speaker for t in reference.turns if t.start <= i < t.end}
            h = {t.speaker for t in hypothesis.turns if t.start <= i < t.end}
            right = sum(result.matched.get(speaker) in h for speaker in r)
            expected = {
                "missed": len(r) - len(h),
                "false alarm": len(h) - len(r),
                "confusion": min(len(r), len(h)) - right,
            }
            assert expected[kind] == count > 0
    found = result.score
    assert parts == {
        "missed": found.missed,
        "false alarm": found.false_alarm,
        "confusion": found.confusion,
    }
    assert list(result.mistakes) == sorted(result.mistakes)
    assert len(set(result.matched.values())) == len(result.matched)


def test_a_comparison_says_who_stands_for_whom():
    reference = Annotation.build([Turn(0, 10, 3), Turn(10, 30, 5), Turn(30, 31, 7)])
    hypothesis = Annotation.build([Turn(0, 12, 1), Turn(12, 34, 0)])
    result = compare(reference, hypothesis)
    assert result.matched == {3: 1, 5: 0}
    assert result.mistakes == (
        Mistake(10, 12, "confusion", 1),
        Mistake(30, 31, "confusion", 1),
        Mistake(31, 34, "false alarm", 1),
    )
    assert compare(Annotation(), Annotation()).mistakes == ()


def by_pyannote(reference, hypothesis, region, collar, skip_overlap):
    def converted(annotation):
        result = PyannoteAnnotation()
        for n, turn in enumerate(annotation.turns):
            result[Segment(turn.start, turn.end), n] = turn.speaker
        return result

    # Its collar is the whole width around an edge, ours is one side.
    metric = DiarizationErrorRate(collar=2.0 * collar, skip_overlap=skip_overlap)
    uem = Timeline([Segment(start, end) for start, end in region])
    parts = metric.compute_components(converted(reference), converted(hypothesis), uem=uem)
    return tuple(round(parts[k]) for k in ("total", "missed detection", "false alarm", "confusion"))


@pytest.mark.parametrize("seed", range(8))
def test_the_parts_are_those_of_pyannote_metrics(seed):
    rng = np.random.default_rng(seed)

    def conversation():
        starts = np.cumsum(rng.integers(1000, 50_000, 80))
        lengths = rng.integers(1000, 60_000, 80)
        who = rng.integers(0, 2 + seed, 80)
        return Annotation.build(
            Turn(int(a), int(a + n), int(s)) for a, n, s in zip(starts, lengths, who, strict=True)
        )

    reference, hypothesis = conversation(), conversation()
    region = ((10_000, 900_000), (1_000_000, 1_700_000))
    collar, skip_overlap = 4000 * (seed % 2), seed % 4 > 1
    result = score(
        reference,
        hypothesis,
        collar=collar / SAMPLE_RATE,
        skip_overlap=skip_overlap,
        region=region,
    )
    parts = (result.total, result.missed, result.false_alarm, result.confusion)
    assert parts == by_pyannote(reference, hypothesis, region, collar, skip_overlap)


def seconds(*turns):
    return Annotation.build(
        Turn(round(a * SAMPLE_RATE), round(b * SAMPLE_RATE), s) for a, b, s in turns
    )


def test_a_worked_example():
    """10 s of reference: 1 s missed, 2 s added, 3 s given to the wrong speaker."""
    reference = seconds((0, 6, 0), (6, 10, 1))
    hypothesis = seconds((1, 9, 5), (9, 12, 6))
    result = score(reference, hypothesis)
    assert [result.total, result.missed, result.false_alarm, result.confusion] == [
        SAMPLE_RATE * n for n in (10, 1, 2, 3)
    ]
    assert result.der == pytest.approx(0.6)
    assert (result.speakers, result.found) == (2, 2)


def test_the_collar_is_on_each_side_of_an_edge():
    """As in md-eval and dscore: 0.25 s takes half a second around each of the four edges."""
    reference = seconds((1, 3, 0), (4, 6, 1))
    result = score(reference, Annotation(), collar=0.25)
    assert result.total == result.missed == 3 * SAMPLE_RATE


def test_the_region_bounds_speech_and_speakers():
    reference = seconds((0, 10, 0), (10, 20, 1))
    hypothesis = seconds((0, 15, 0), (16, 30, 1), (40, 50, 2))
    result = score(reference, hypothesis, region=((0, 9 * SAMPLE_RATE),))
    assert (result.total, result.der, result.speakers, result.found) == (9 * SAMPLE_RATE, 0, 1, 1)


def test_without_reference_speech_there_is_no_rate():
    result = score(Annotation(), seconds((0, 2, 0)))
    assert result.der is None
    assert result.false_alarm == 2 * SAMPLE_RATE
    assert score(Annotation(), Annotation()) == Score()


def test_the_total_is_of_seconds_and_not_a_mean_of_rates():
    short, long = Score(total=10, missed=10, speakers=1), Score(total=90, speakers=2, found=2)
    both = total([short, long])
    assert both.der == pytest.approx(0.1)
    assert (both.speakers, both.found) == (3, 2)


def test_a_reference_scores_zero_against_itself(shared):
    for path in sorted((shared / "eval").glob("*/*.rttm")):
        (annotation,) = rttm.read(path).values()
        result = score(annotation, annotation)
        assert result.errors == 0
        assert result.total == sum(t.duration for t in annotation.turns)


def test_equal_error_rate_where_one_threshold_parts_them_or_none_does():
    low, high = np.array([0.1, 0.2, 0.3]), np.array([0.5, 0.6])
    assert eer(high, low) == 0.0
    assert eer(low, high) == 1.0
    assert eer(low, low) == pytest.approx(0.5)
    assert eer(np.ones(3), np.ones(5)) == pytest.approx(0.5)


def test_equal_error_rate_of_four_and_five_by_hand():
    # From 0.45 on: one of four pairs is refused, one of four accepted.
    same, different = np.array([0.4, 0.5, 0.6, 0.7]), np.array([0.1, 0.2, 0.3, 0.45])
    assert eer(same, different) == pytest.approx(0.25)
    # No threshold has equal rates: between (0, 2/5) at 0.4 and (1/4, 1/5) at 0.45 the lines cross.
    different = np.array([0.0, 0.1, 0.3, 0.42, 0.48])
    assert 0.2 <= eer(same, different) <= 0.25


def test_equal_error_rate_of_two_normals():
    # Means 2 apart, deviation 1: both rates are that of one deviation.
    rng = np.random.default_rng(0)
    same, different = rng.normal(2, 1, 200_000), rng.normal(0, 1, 300_000)
    assert eer(same, different) == pytest.approx(0.158655, abs=0.002)


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=30),
    st.lists(st.integers(0, 9), min_size=1, max_size=30),
)
def test_equal_error_rate_depends_on_order_alone_and_is_symmetric(same, different):
    same, different = np.array(same, float), np.array(different, float)
    rate = eer(same, different)
    assert 0.0 <= rate <= 1.0
    assert eer(np.exp(same), np.exp(different)) == rate
    assert eer(-different, -same) == pytest.approx(rate)
    # No threshold has both rates below it.
    for threshold in [*np.unique(np.concatenate([same, different])), np.inf]:
        assert max((same < threshold).mean(), (different >= threshold).mean()) >= rate - 1e-12


def test_equal_error_rate_needs_both_kinds_of_pairs():
    with pytest.raises(ValueError, match="pairs of one speaker and of two"):
        eer(np.ones(2), np.ones(0))
