"""The whole job on a file: what it finds, reports and refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from numpy.typing import NDArray

from core.annotation.values import Turn
from core.audio.read import read_audio
from core.errors import Cancelled, InputError, ModelError
from core.formats import rttm
from core.models.manifest import shipped_models
from core.pipeline import (
    Progress,
    Result,
    SpeakerCount,
    concluded,
    decoder_model,
    diarize_file,
    new_diarizer,
)
from core.refine.refine import refine
from core.scoring import score
from core.stream.changes import Changes
from core.stream.diarizer import BEAM, LAG, Diarizer
from core.stream.encoder import OnnxEncoder
from core.stream.segmentation import Segmentation
from core.stream.speech_edges import SpeechEdges
from core.uisrnn.decoder import Decoded, Decoder, LocalVoice
from core.units import SAMPLE_RATE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(sample: Path) -> Result:
    return diarize_file(sample)


def test_the_sample_is_told_apart(found: Result, sample: Path) -> None:
    (reference,) = rttm.read(sample.with_suffix(".rttm")).values()
    assert len(found.annotation.speakers) == len(reference.speakers)
    for annotation, limit in ((found.first_pass, 0.25), (found.annotation, 0.15)):
        der = score(reference, annotation).der
        assert der is not None
        assert der < limit
    assert found.annotation.duration == found.first_pass.duration == len(read_audio(sample))
    assert found.warnings == ()


def test_the_first_pass_alone_is_the_stream(found: Result, sample: Path) -> None:
    first = diarize_file(sample, second_pass=False)
    assert first.annotation == first.first_pass == found.first_pass
    diarizer = new_diarizer()
    diarizer.push(read_audio(sample))
    assert diarizer.finish() == found.first_pass


def test_what_is_kept_is_enough_for_another_second_pass(found: Result) -> None:
    duration = found.annotation.duration
    again = refine(found.windows, found.speech, duration)
    assert again == found.annotation


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 2), (3, 3), (6, 6), (2, 3)])
def test_the_number_of_speakers_is_heeded(found: Result, low: int, high: int) -> None:
    again = refine(found.windows, found.speech, found.annotation.duration, SpeakerCount(low, high))
    assert low <= len(again.speakers) <= high


def test_the_first_pass_heeds_the_maximum(sample: Path) -> None:
    first = diarize_file(sample, speakers=SpeakerCount(1, 2), second_pass=False)
    assert len(first.annotation.speakers) == 2


def test_progress_changes_and_samples_arrive(found: Result, sample: Path) -> None:
    progress: list[Progress] = []
    known: list[Turn] = []
    samples: list[NDArray[np.float32]] = []

    def change(changes: Changes) -> None:
        known[:] = [t for t in known if t.end <= changes.since] + list(changes.turns)

    diarize_file(sample, on_progress=progress.append, on_changes=change, on_samples=samples.append)
    fractions = [p.fraction for p in progress if p.stage == "listening"]
    assert fractions == sorted(f for f in fractions if f is not None)
    assert fractions[-1] == 1
    assert progress[-1].stage == "refining"
    np.testing.assert_array_equal(np.concatenate(samples), read_audio(sample))
    settled = [t for t in known if t.settled]
    assert settled[:-1] == list(found.first_pass.turns[: len(settled) - 1])


def test_cancelling_ends_the_job_at_once(sample: Path) -> None:
    blocks: list[int] = []

    def enough() -> bool:
        return len(blocks) >= 3

    with pytest.raises(Cancelled):
        diarize_file(sample, on_samples=lambda s: blocks.append(len(s)), cancelled=enough)
    assert len(blocks) == 3


def test_digital_silence_has_no_turns(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(5 * SAMPLE_RATE), SAMPLE_RATE)
    result = diarize_file(path)
    assert result.annotation.turns == ()
    assert result.annotation.duration == 5 * SAMPLE_RATE


def test_values_that_are_not_numbers_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "nan.wav"
    samples = np.full(SAMPLE_RATE, 0.1, np.float32)
    samples[100:200] = np.nan
    soundfile.write(path, samples, SAMPLE_RATE, subtype="FLOAT")
    (warning,) = diarize_file(path).warnings
    assert "100" in warning


def test_what_is_at_fault_is_said(tmp_path: Path, sample: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.wav"):
        diarize_file(tmp_path / "nothing.wav")
    shipped = shipped_models()
    for name in (
        "manifest.toml",
        "silero_vad.onnx",
        "speech_edges.npz",
        "pyannote_segmentation.onnx",
        "uisrnn.npz",
        "ghostvlad.onnx",
    ):
        (tmp_path / name).write_bytes((shipped.folder / name).read_bytes())
    damaged = tmp_path / "ghostvlad.onnx"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    with pytest.raises(ModelError, match=r"ghostvlad\.onnx"):
        diarize_file(sample, models=type(shipped).load(tmp_path))


class Plain(Decoder):
    """Ours without what segmentation knows of an observation: the package has no place for it."""

    def push(self, embedding: npt.ArrayLike, voice: LocalVoice | None = None) -> Decoded | None:
        return super().push(embedding)


@pytest.mark.timeout(600)  # the package runs a network per speaker and hypothesis of every window
def test_the_reference_engine_gives_the_same_turns(sample: Path) -> None:
    """Keras on TensorFlow and uisrnn on torch, in place of onnxruntime and our decoder."""
    pytest.importorskip("tensorflow", reason="needs the extra [train]")
    pytest.importorskip("uisrnn", reason="needs the extra [train]")
    beginning = read_audio(sample)[: 45 * SAMPLE_RATE]  # all four have spoken by then
    models = shipped_models()
    plain = Diarizer(
        OnnxEncoder(models),
        Plain(decoder_model(models), beam_size=BEAM, lag=LAG),
        Segmentation.of(models),
        SpeechEdges.of(models),
    )
    results = []
    for diarizer in (plain, new_diarizer(models, "keras")):
        windows = diarizer.push(beginning).windows
        results.append(concluded(diarizer, windows, len(beginning), (), SpeakerCount()))
    found, reference = results
    assert len(found.annotation.speakers) == 4
    for ours, theirs in (
        (found.first_pass, reference.first_pass),
        (found.annotation, reference.annotation),
    ):
        assert [t.speaker for t in ours.turns] == [t.speaker for t in theirs.turns]
        for one, other in zip(ours.turns, theirs.turns, strict=True):
            # The last digits of embeddings differ, which may move an edge by a sample or so.
            assert abs(one.start - other.start) < 16
            assert abs(one.end - other.end) < 16


def test_fewer_or_more_speakers_go_into_the_second_pass(sample: Path, found: Result) -> None:
    result = diarize_file(sample, bias=-1.0)
    duration = found.annotation.duration
    fewer = refine(found.windows, found.speech, duration, bias=-1.0)
    assert result.annotation.turns == fewer.turns
    assert result.first_pass == found.first_pass
