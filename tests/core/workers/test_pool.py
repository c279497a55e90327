"""What training does on Dask comes to the same bytes as what it does in one process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import dask
import pytest
import soundfile

from core import cli
from core.audio.read import read_audio
from core.errors import InputError
from core.models.manifest import shipped_models
from core.stream.encoder import OnnxEncoder
from core.stream.segmentation import Segmentation
from core.stream.speech import SpeechProbability
from core.training.data.conversations import ConversationSettings
from core.training.data.hearing import HeardConversation
from core.training.data.voices import read_voices
from core.training.speakers.run import Ears, SpeakerTraining, train_speakers
from core.units import SAMPLE_RATE
from core.workers.cluster import connected
from core.workers.pool import Here, Pool, opened


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of one with two workers; Dask's settings let in who asks from this process."""
    with connected(2) as client:
        keys = client.security
        settings = {
            "distributed.comm.tls.ca-file": keys.tls_ca_file,
            "distributed.comm.tls.client.cert": keys.tls_client_cert,
            "distributed.comm.tls.client.key": keys.tls_client_key,
        }
        with dask.config.set(settings):
            yield client.scheduler.address


@pytest.fixture(scope="module")
def workers(scheduler: str) -> Iterator[Pool]:
    with opened(scheduler=scheduler) as pool:
        assert pool is not None
        yield pool


@pytest.fixture(scope="module")
def corpus(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five "speakers" with two recordings each, and one that can't be read."""
    talk = read_audio(sample)
    folder = tmp_path_factory.mktemp("corpus")
    for number in range(10):
        path = folder / f"s{number // 2}" / f"{number}.wav"
        path.parent.mkdir(exist_ok=True)
        soundfile.write(path, talk[number * 4 * SAMPLE_RATE :][: 3 * SAMPLE_RATE], SAMPLE_RATE)
    (folder / "s0" / "broken.wav").write_bytes(b"no sound at all")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def scaled(factor: float, item: float) -> tuple[float, int]:
    if item < 0:
        raise ValueError("less than nothing")
    return factor * item, os.getpid()


def test_results_come_in_order_from_all(workers: Pool) -> None:
    for pool, processes in ((workers, 2), (Here(1), 1), (Here(3), 1)):
        found = list(pool.map(scaled, 2.0, range(20)))
        assert [value for value, _ in found] == [2.0 * n for n in range(20)]
        assert len({process for _, process in found}) == processes
        assert list(pool.map(scaled, 1.0, [])) == []
    started = workers.map(scaled, 1.0, [1.0, 2.0, -1.0])
    assert next(started)[0] == 1.0
    with pytest.raises(InputError, match="less than nothing"):
        list(started)


def test_preparing_speech(
    scheduler: str, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = []
    for number, options in enumerate(([], ["--scheduler", scheduler])):
        out = tmp_path / str(number)
        words = ["train", "encoder", f"folders={corpus}", "--prepare", "--out", str(out), *options]
        assert cli.main([*words, "--held-out", "0.4"]) == 0
        made.append({part: contents(out / "voices" / part) for part in ("train", "held-out")})
    assert made[0] == made[1]
    assert len(made[0]["train"]) == 2
    assert "3 speakers to learn" in capsys.readouterr().out


def test_hearing_conversations(workers: Pool, corpus: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="needs the [train] extra")
    pytest.importorskip("uisrnn", reason="needs the [train] extra")
    models = shipped_models()
    probability = partial(SpeechProbability.of_bytes, models.verified(models.speech))
    segmentation = partial(Segmentation.of_bytes, Segmentation.file(models))
    ears = Ears(OnnxEncoder(models), segmentation, probability, "shipped")
    talk = ConversationSettings(duration=6.0, speakers=(2, 2))
    settings = SpeakerTraining(conversations=3, calibrations=1, talk=talk)

    def stop(stage: str, done: int, total: int, words: str) -> None:
        if (stage, done) == ("calibration", 1):
            raise KeyboardInterrupt

    made = []
    for pool in (None, workers):
        out = tmp_path / str(bool(pool))
        voices, _ = read_voices([f"folders={corpus}"], tmp_path / "caches", pool=pool)
        names = sorted(voices)
        learnt, others = ({n: voices[n] for n in part} for part in (names[:3], names[3:]))
        with pytest.raises(KeyboardInterrupt):
            train_speakers(learnt, others, ears, out, settings, stop, pool)
        made.append({side: contents(out / side) for side in ("train", "calibration")})
    assert made[0] == made[1]
    assert len(made[0]["train"]) == 3
    assert len(HeardConversation.from_bytes(made[0]["train"]["00000.npz"]).windows) > 3
