"""The recognisers themselves, each as a function from sound to words.

All this runs in a process of its own (:mod:`core.recognisers.serving`), where the libraries are
loaded. None of them is asked for anything but the files in its folder.
"""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.annotation.values import Word
from core.annotation.words import spread
from core.atomic import why_not
from core.errors import RecogniserError
from core.recognisers.kinds import RecogniserChoice, program, sphinx_files
from core.runtime import cores
from core.transcripts import whisper
from core.units import SAMPLE_RATE, to_samples

Samples = NDArray[np.float32]
Listen = Callable[[Samples], list[Word]]
"""16 kHz mono in, its words out, with times from its beginning."""

OFFLINE: Mapping[str, str] = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""What keeps the libraries from the network; they look at it while they are loaded."""

_BLOCK = 4_000
"""Samples that Vosk takes at a time: it looks for the end of a sentence once in each."""
_SHORTEST = SAMPLE_RATE + SAMPLE_RATE // 4
"""whisper.cpp hears nothing in less than a second."""
_FRAME = SAMPLE_RATE // 100


def load(choice: RecogniserChoice, folder: Path) -> Listen:
    """A recogniser that is ready to listen; its choice is checked.

    Parameters
    ----------
    folder
        For temporary files.
    """
    return _LOADERS[choice.name](choice, folder)


def _faster_whisper(choice: RecogniserChoice, _folder: Path) -> Listen:
    model = import_module("faster_whisper").WhisperModel(
        str(choice.model), cpu_threads=cores(), local_files_only=True
    )

    def listen(samples: Samples) -> list[Word]:
        segments, _ = model.transcribe(
            samples,
            language=choice.language or None,
            word_timestamps=True,
            condition_on_previous_text=False,  # else what it once invented goes on and on
        )
        return [
            _word(to_samples(w.start), to_samples(w.end), w.word, w.probability)
            for segment in segments
            for w in segment.words or ()
            if w.word.strip()
        ]

    return listen


def _whisper_cpp(choice: RecogniserChoice, folder: Path) -> Listen:
    sound, out = folder / "turn.wav", folder / "turn"
    command = [program() or "", "-m", str(choice.model), "-f", str(sound), "-of", str(out)]
    command += ["-ojf", "-np", "-t", str(cores()), "-l", choice.language or "auto"]
    told = out.with_suffix(".json")

    def listen(samples: Samples) -> list[Word]:
        told.unlink(missing_ok=True)
        missing = max(_SHORTEST - len(samples), 0)
        _write_wav(sound, np.pad(samples, (0, missing)))
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
        except OSError as error:
            raise RecogniserError(f"{command[0]} can't be started: {why_not(error)}") from error
        if done.returncode or not told.is_file():
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            reason = said[-1][:200] if said else "it wrote nothing"
            raise RecogniserError(
                f"{Path(command[0]).name} ended with code {done.returncode} ({reason})"
            )
        # A sign may be split between two tokens.
        return list(_words_in(told.read_text("utf-8", "replace")))

    return listen


def _vosk(choice: RecogniserChoice, _folder: Path) -> Listen:
    vosk = import_module("vosk")
    vosk.SetLogLevel(-1)
    model = vosk.Model(model_path=str(choice.model))

    def listen(samples: Samples) -> list[Word]:
        recogniser = vosk.KaldiRecognizer(model, SAMPLE_RATE)
        recogniser.SetWords(True)
        pcm = _pcm(samples)
        told: list[str] = []
        for at in range(0, len(pcm), _BLOCK):
            if recogniser.AcceptWaveform(pcm[at : at + _BLOCK].tobytes()):
                told.append(recogniser.Result())
        told.append(recogniser.FinalResult())
        return [word for text in told for word in _words_in(text)]

    return listen


def _pocketsphinx(choice: RecogniserChoice, _folder: Path) -> Listen:
    sphinx = import_module("pocketsphinx")
    settings: dict[str, Any] = {"samprate": SAMPLE_RATE, "loglevel": "FATAL"}
    files = sphinx_files(choice.model) if choice.model else None
    if files:
        settings.update(zip(("hmm", "lm", "dict"), map(str, files), strict=True))
    decoder = sphinx.Decoder(**settings)

    def listen(samples: Samples) -> list[Word]:
        decoder.start_utt()
        decoder.process_raw(_pcm(samples).tobytes(), full_utt=True)
        decoder.end_utt()
        if decoder.hyp() is None:
            return []
        return [
            _word(s.start_frame * _FRAME, (s.end_frame + 1) * _FRAME, s.word.partition("(")[0])
            for s in decoder.seg()
            if s.word[:1] not in ("<", "[", "+")  # silence, noise, laughter
        ]

    return listen


_LOADERS: Mapping[str, Callable[[RecogniserChoice, Path], Listen]] = {
    "faster-whisper": _faster_whisper,
    "whisper.cpp": _whisper_cpp,
    "vosk": _vosk,
    "pocketsphinx": _pocketsphinx,
}


def _word(start: int, end: int, text: str, confidence: float | None = None) -> Word:
    start = max(start, 0)
    sure = None if confidence is None else float(confidence)  # NumPy's, by faster-whisper
    return Word(start, max(end, start + 1), text.strip(), sure)


def _words_in(told: str) -> Iterator[Word]:
    for line in whisper.parse(told, "what the recogniser wrote"):
        start = line.start or 0
        yield from line.words or spread(line.text, start, max(line.end or 0, start + 1))


def _pcm(samples: Samples) -> NDArray[np.int16]:
    return (np.clip(samples, -1, 1) * 32767).astype("<i2")


def _write_wav(path: Path, samples: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(_pcm(samples).tobytes())
