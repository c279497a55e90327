"""Makes ``sample.opus`` and ``sample.rttm``: a meeting of four synthetic voices in a small room.

Needs Debian's flite, festival, festvox-us-slt-hts and espeak-ng. The same synthesizers give the
same recording again: everything random is seeded. Run it in the checkout::

    python assets/make_sample.py
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy.signal import butter, fftconvolve, sosfilt

RATE = 24_000
FRAME = RATE // 200  # 5 ms: how exactly the edges of a turn are known
SILENT_DB = -38.0  # a frame this far below the line's loudest holds no speech
PAUSE_S = 0.4  # a longer silence inside a line ends the turn
LEVEL_DB = -24.0
NOISE_DB = -50.0

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Voice:
    """One speaker: the command that says a text (on standard input) and where they sit."""

    command: str
    level_db: float = 0.0
    reverberant: float = 0.15  # amplitude of the room beside the direct sound


VOICES = {
    "Ada": Voice("espeak-ng -v en-us+Annie -p 60 -s 165 -w {wav} --stdin", -1.0, 0.10),
    "Ben": Voice("flite -voice rms -f {text} -o {wav}", 1.0, 0.14),
    "Cora": Voice("text2wave -eval (voice_cmu_us_slt_arctic_hts) -o {wav} {text}", 0.0, 0.18),
    "Duncan": Voice(
        "flite -voice awb --setf int_f0_target_mean=150 -f {text} -o {wav}", -2.0, 0.22
    ),
}


@dataclass(frozen=True)
class Line:
    """What someone says, ``gap`` seconds after everyone before has finished (negative: overlap)."""

    speaker: str
    gap: float
    text: str


SCRIPT = [
    Line(
        "Ada",
        0.9,
        "Good morning, everybody. Shall we start? We have twenty minutes, and I would like to leave"
        " this room with a date for the opening.",
    ),
    Line(
        "Ben",
        0.5,
        "Fine by me. The short version is that the workshop is nearly ready. The benches are in,"
        " the lights work, and the last of the tools arrive on Tuesday.",
    ),
    Line("Cora", -0.35, "Tuesday? I thought that they were coming this week."),
    Line("Ben", 0.2, "So did I. The driver called last night. He is stuck behind the snow."),
    Line(
        "Duncan",
        0.6,
        "It makes no great difference. I can borrow a drill and two saws from the school until"
        " then, as long as we bring them back clean.",
    ),
    Line("Ada", -1.6, "Oh, very good."),
    Line(
        "Cora",
        0.7,
        "Then let me talk about the neighbours. I went from door to door on Saturday, and forty two"
        " of them want to come. Most have a lamp or a radio to repair, and one lady has a clock"
        " that is older than her house.",
    ),
    Line("Duncan", -0.5, "Now that is a clock that I would love to see."),
    Line("Ben", 0.3, "Just do not promise her too much."),
    Line(
        "Ada",
        1.9,
        "Let us get back to the date. What about the second Saturday in March?",
    ),
    Line("Cora", 0.3, "That is the day of the football final. Nobody will come."),
    Line("Duncan", 0.25, "The Saturday after it, then. I can open the doors at nine."),
    Line("Ben", -0.45, "Nine is early. Make it ten, and I will bring the coffee for everybody."),
    Line("Ada", 0.5, "Ten o'clock on the third Saturday, then. Are we all agreed?"),
    Line("Cora", 0.15, "Yes, agreed."),
    Line("Duncan", -0.2, "I think so, yes."),
    Line("Ben", -0.25, "Me too."),
    Line(
        "Ada",
        0.7,
        "Wonderful. Cora, you write the poster, and Duncan, you ask the school about the tools."
        " See you all next week.",
    ),
]


def decibels(db: float) -> float:
    """Amplitude of a level."""
    return float(10 ** (db / 20))


def say(line: Line) -> np.ndarray:
    """The synthesizer's words, at ``RATE``, without the silence around them."""
    with tempfile.TemporaryDirectory() as folder:
        text, wav = Path(folder, "text"), Path(folder, "wav")
        text.write_text(line.text)
        command = VOICES[line.speaker].command.split()
        command = [word.format(text=text, wav=wav) for word in command]
        subprocess.run(command, input=line.text, text=True, check=True)
        samples, rate = soundfile.read(wav, dtype="float64")
    samples = soxr.resample(samples, rate, RATE)
    spoken = speech_frames(samples)
    samples = samples[spoken[0] * FRAME : (spoken[-1] + 1) * FRAME]
    level = decibels(LEVEL_DB + VOICES[line.speaker].level_db)
    return samples * level / np.sqrt(np.mean(samples**2))


def speech_frames(samples: np.ndarray) -> np.ndarray:
    """Numbers of the 5 ms frames that hold speech."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    power = np.mean(frames**2, axis=1)
    return np.flatnonzero(power > power.max() * decibels(SILENT_DB) ** 2)


def stretches(samples: np.ndarray) -> Iterator[tuple[int, int]]:
    """Start and end, in samples, of each stretch of speech between pauses."""
    spoken = speech_frames(samples)
    breaks = np.flatnonzero(np.diff(spoken) * FRAME > PAUSE_S * RATE)
    starts = np.concatenate([spoken[:1], spoken[breaks + 1]])
    ends = np.concatenate([spoken[breaks], spoken[-1:]]) + 1
    yield from zip((starts * FRAME).tolist(), (ends * FRAME).tolist(), strict=True)


def room(reverberant: float, random: np.random.Generator) -> np.ndarray:
    """An impulse response: the direct sound first, a few walls, then a tail of 0.35 s (RT60)."""
    time = np.arange(int(0.4 * RATE)) / RATE
    tail = random.standard_normal(len(time)) * decibels(-60) ** (time / 0.35)
    tail[: int(0.012 * RATE)] = 0
    tail *= reverberant / np.sqrt(np.sum(tail**2)) * 2
    walls = random.integers(int(0.002 * RATE), int(0.02 * RATE), 6)
    tail[walls] += random.choice([-1, 1], 6) * reverberant * random.uniform(0.4, 1.0, 6)
    tail[0] = 1
    return tail


def background(length: int, random: np.random.Generator) -> np.ndarray:
    """A fan and the street: noise that falls towards high frequencies, slowly swelling."""
    noise = sosfilt(butter(1, 300, fs=RATE, output="sos"), random.standard_normal(length))
    noise += 0.15 * random.standard_normal(length)
    swell = sosfilt(butter(2, 0.3, fs=RATE, output="sos"), random.standard_normal(length))
    noise *= decibels(2) ** (swell / np.std(swell))
    return noise * decibels(NOISE_DB) / np.std(noise)


def main() -> None:
    random = np.random.default_rng(2)
    rooms = {name: room(voice.reverberant, random) for name, voice in VOICES.items()}
    sounds: list[tuple[int, np.ndarray]] = []
    turns: list[tuple[int, int, str]] = []
    end = 0
    for line in SCRIPT:
        samples = say(line)
        start = end + round(line.gap * RATE)
        turns += [(start + a, start + b, line.speaker) for a, b in stretches(samples)]
        sounds.append((start, fftconvolve(samples, rooms[line.speaker])))
        end = max(end, start + len(samples))
    mix = background(end + RATE, random)
    for start, samples in sounds:
        part = mix[start : start + len(samples)]
        part += samples[: len(part)]
    mix *= 0.7 / np.abs(mix).max()
    soundfile.write(
        FOLDER / "sample.opus", mix, RATE, format="OGG", subtype="OPUS", compression_level=0.93
    )
    with (FOLDER / "sample.rttm").open("w", encoding="utf-8", newline="\n") as rttm:
        for a, b, speaker in sorted(turns):
            rttm.write(
                f"SPEAKER sample 1 {a / RATE:.3f} {(b - a) / RATE:.3f} <NA> <NA> {speaker}"
                " <NA> <NA>\n"
            )


if __name__ == "__main__":
    main()
