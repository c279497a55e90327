"""What happens to a voice on its way to a recording: speed, level, noise, babble, rooms, codecs.

Pure functions: (n,) float32 samples at 16 kHz and a numpy ``Generator`` in, samples out; the same
generator state gives the same samples. All but :func:`speed` keep the length and the timing.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import soxr
from scipy import fft, signal

from core.arrays import Array
from core.units import SAMPLE_RATE

_FRAME = SAMPLE_RATE // 50
_AUDIBLE = 1e-3
"""Frames 30 dB below the mean power of the others are pauses, and don't count as speech."""
_TELEPHONE = 8000
_BAND = (300.0, 3400.0)
"""Hz, what a telephone line carries (ITU-T G.712)."""
_MU = 255.0
_OPUS_RATE = 48000
_TILT, _HUMP, _CUT = 2.8, 5.0, 0.3
"""Of the equaliser: dB per octave at most, dB of a hump, share of the ends that are cut off."""
_OPUS_FRAME = 960


def speech_power(samples: Array) -> float:
    """Mean power of what isn't a pause; 0 for silence."""
    whole = len(samples) - len(samples) % _FRAME
    if not whole:
        return float(np.mean(np.square(samples), dtype=np.float64)) if len(samples) else 0.0
    powers = np.square(samples[:whole].reshape(-1, _FRAME), dtype=np.float64).mean(axis=1)
    return float(powers[powers >= _AUDIBLE * powers.mean()].mean())


def speed(samples: Array, factor: float) -> Array:
    """Play ``factor`` times as fast, so that pitch and formants rise with it: another voice.

    Parameters
    ----------
    samples
        (n,).
    factor
        Over 1 for faster; from 0.5 to 2.

    Returns
    -------
    Array
        (about n / factor,).
    """
    if not 0.5 <= factor <= 2.0:
        raise ValueError(f"the speed is from 0.5 to 2, not {factor}")
    if factor == 1.0:
        return samples
    played: Array = soxr.resample(samples, SAMPLE_RATE * factor, SAMPLE_RATE, quality="MQ")
    return played


def level(samples: Array, db: float) -> Array:
    """Louder by ``db`` decibels; beyond full scale it is clipped, as a sound card does."""
    return np.clip(samples * np.float32(10 ** (db / 20)), -1.0, 1.0)


def noise(
    samples: Array, rng: np.random.Generator, snr: float, recording: Array | None = None
) -> Array:
    """Add noise ``snr`` decibels below the speech.

    Parameters
    ----------
    samples
        (n,).
    snr
        Decibels between the speech (its pauses don't count) and the noise.
    recording
        (m,) noise, from a random point of it and repeated as needed; without it,
        coloured noise of a random slope between white and brown.
    """
    if recording is not None and len(recording):
        added = np.roll(recording, -int(rng.integers(len(recording))))
        added = np.resize(added, len(samples))
    else:
        added = coloured(len(samples), rng, float(rng.uniform(0.0, 2.0)))
    return _mix(samples, added, snr)


def babble(
    samples: Array, rng: np.random.Generator, snr: float, voices: Sequence[Array], count: int = 5
) -> Array:
    """Add ``count`` other people who talk at once, together ``snr`` decibels below the speech.

    Parameters
    ----------
    voices
        (m,) each, of speakers other than the one in ``samples``.
    """
    heard = [voice for voice in voices if speech_power(voice) > 0.0]
    if not heard:
        return samples
    added = np.zeros(len(samples), np.float32)
    for index in rng.choice(len(heard), count, replace=len(heard) < count):
        voice = np.roll(heard[index], -int(rng.integers(len(heard[index]))))
        added += np.resize(voice, len(samples)) / np.float32(np.sqrt(speech_power(voice)))
    return _mix(samples, added, snr)


def coloured(length: int, rng: np.random.Generator, slope: float) -> Array:
    """Noise whose power falls with frequency to the power of ``slope``: 0 white, 1 pink, 2 brown.

    Below 50 Hz it stays level. RMS 1.
    """
    if not length:
        return np.zeros(0, np.float32)
    whole = fft.next_fast_len(length, real=True)
    spectrum = fft.rfft(rng.standard_normal(whole, np.float32))
    hertz = np.maximum(fft.rfftfreq(whole, 1 / SAMPLE_RATE), 50.0)
    shaped = fft.irfft(spectrum * (hertz ** (-slope / 2)).astype(np.float32), whole)[:length]
    return np.asarray(shaped / (np.sqrt(np.mean(np.square(shaped))) + 1e-12), np.float32)


def room_response(
    rng: np.random.Generator, rt60: float | None = None, direct_db: float | None = None
) -> Array:
    """Impulse response of a room that doesn't exist: direct sound, early reflections, decay.

    The reverberation is noise that decays exponentially (Polack's model), faster at high
    frequencies; the early reflections are single echoes of walls within 50 ms.

    Parameters
    ----------
    rt60
        Seconds in which the sound falls by 60 dB; drawn from 0.15 to 0.9 by default.
    direct_db
        Direct sound over all the rest; drawn from -3 to 15 dB by default.

    Returns
    -------
    Array
        (m,), 1 at the start, so that nothing is delayed.
    """
    rt60 = float(rng.uniform(0.15, 0.9)) if rt60 is None else rt60
    direct_db = float(rng.uniform(-3.0, 15.0)) if direct_db is None else direct_db
    length = max(2, int(rt60 * SAMPLE_RATE))
    times = np.arange(length) / SAMPLE_RATE
    decay = 10.0 ** (-3.0 * times / rt60)
    tail = rng.standard_normal(length) * decay
    tail[: SAMPLE_RATE // 400] = 0.0  # the first wall is half a metre away
    # A one-pole low-pass, and less of it where walls are hard.
    tail = signal.lfilter([1.0], [1.0, -float(rng.uniform(0.2, 0.7))], tail)
    for _ in range(int(rng.integers(4, 10))):
        at = int(rng.uniform(0.002, 0.05) * SAMPLE_RATE)
        if at < length:
            tail[at] += rng.choice((-1.0, 1.0)) * rng.uniform(2.0, 6.0) * decay[at]
    tail[0] = 0.0
    tail *= 10 ** (-direct_db / 20) / (np.sqrt(np.square(tail).sum()) + 1e-12)
    tail[0] = 1.0
    return np.asarray(tail, np.float32)


def room(samples: Array, rng: np.random.Generator, rt60: float | None = None) -> Array:
    """Speech in a room (:func:`room_response`), as loud as before."""
    if not len(samples):
        return samples
    wet = signal.oaconvolve(samples, room_response(rng, rt60))[: len(samples)]
    before, after = speech_power(samples), speech_power(wet)
    gain = np.sqrt(before / after) if after > 0.0 else 1.0
    return np.asarray(wet * gain, np.float32)


def low_pass(samples: Array, cutoff: float) -> Array:
    """Nothing above ``cutoff`` Hz, as after a lossy codec or a cheap microphone; no delay."""
    if len(samples) < 2:
        return samples
    sos = signal.butter(6, cutoff, fs=SAMPLE_RATE, output="sos")
    pad = min(len(samples) - 1, 1000)
    return np.asarray(signal.sosfiltfilt(sos, samples, padlen=pad), np.float32)


def telephone(samples: Array) -> Array:
    """A telephone line: 300 to 3,400 Hz at 8 kHz, 8 bits of mu-law (ITU-T G.711)."""
    if len(samples) < 2:
        return samples
    narrow = soxr.resample(samples, SAMPLE_RATE, _TELEPHONE, quality="MQ")
    narrow = signal.sosfilt(
        signal.butter(4, _BAND, "bandpass", fs=_TELEPHONE, output="sos"), narrow
    )
    narrow = np.clip(narrow, -1.0, 1.0)
    companded = np.sign(narrow) * np.log1p(_MU * np.abs(narrow)) / np.log1p(_MU)
    companded = np.round(companded * 127.0) / 127.0
    narrow = np.sign(companded) * np.expm1(np.abs(companded) * np.log1p(_MU)) / _MU
    wide = soxr.resample(narrow.astype(np.float32), _TELEPHONE, SAMPLE_RATE, quality="MQ")
    return _fit(np.asarray(wide, np.float32), len(samples))


def gsm(samples: Array) -> Array:
    """A mobile telephone: 8 kHz through the GSM 06.10 full-rate codec."""
    import soundfile  # 30 ms, and only this needs it

    if len(samples) < 2:
        return samples
    narrow = soxr.resample(samples, SAMPLE_RATE, _TELEPHONE, quality="MQ")
    file = io.BytesIO()
    narrow = np.clip(narrow, -1.0, 1.0)
    soundfile.write(file, narrow, _TELEPHONE, format="WAV", subtype="GSM610")
    file.seek(0)
    heard, _ = soundfile.read(file, dtype="float32")
    wide = soxr.resample(heard, _TELEPHONE, SAMPLE_RATE, quality="MQ")
    return _fit(np.asarray(wide, np.float32), len(samples))


def line(samples: Array, rng: np.random.Generator) -> Array:
    """One telephone line, at random: :func:`telephone`, :func:`gsm`, both, or a narrow Opus."""
    kind = rng.integers(4)
    if kind == 3:
        return opus(samples, int(rng.integers(6000, 10000)))
    if kind:
        samples = gsm(samples)
    return samples if kind == 1 else telephone(samples)


def opus(samples: Array, bitrate: int = 16000) -> Array:
    """Through the Opus codec and back, as in an internet call.

    Parameters
    ----------
    bitrate
        Bits per second, 6,000 and up.
    """
    import av  # 0.1 s, and only this needs it

    if not len(samples):
        return samples
    fast = soxr.resample(samples, SAMPLE_RATE, _OPUS_RATE, quality="MQ")
    fast = np.pad(fast, (0, -len(fast) % _OPUS_FRAME + _OPUS_FRAME)).astype(np.float32)
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=_OPUS_RATE, layout="mono")
        stream.bit_rate = bitrate
        for start in range(0, len(fast), _OPUS_FRAME):
            frame = av.AudioFrame.from_ndarray(
                fast[np.newaxis, start : start + _OPUS_FRAME], format="flt", layout="mono"
            )
            frame.sample_rate, frame.pts = _OPUS_RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as container:
        # libav's Opus decoder gives planar float, and leaves out the codec's own delay.
        decoded = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    heard = soxr.resample(np.concatenate(decoded), _OPUS_RATE, SAMPLE_RATE, quality="MQ")
    return _fit(np.asarray(heard, np.float32), len(samples))


def codec(samples: Array, rng: np.random.Generator) -> Array:
    """One of :func:`telephone`, :func:`low_pass` and :func:`opus`, at random."""
    kind = rng.integers(3)
    if kind == 0:
        return telephone(samples)
    if kind == 1:
        return low_pass(samples, float(rng.uniform(2500.0, 7000.0)))
    return opus(samples, int(rng.integers(6000, 32000)))


def equaliser(samples: Array, rng: np.random.Generator) -> Array:
    """Another microphone: a tilt, a few humps and hollows, at times a low or a high end cut off.

    The power stays as it was.
    """
    frequencies = np.maximum(fft.rfftfreq(len(samples), 1 / SAMPLE_RATE), 20.0)
    octaves = np.log2(frequencies / 1000)
    gain = float(rng.uniform(-_TILT, _TILT)) * octaves
    for _ in range(int(rng.integers(1, 5))):
        middle, width = float(rng.uniform(-3.5, 3.0)), float(rng.uniform(0.15, 0.8))
        gain += float(rng.normal(0, _HUMP)) * np.exp(-0.5 * ((octaves - middle) / width) ** 2)
    gain = np.clip(gain, -25, 25)
    if rng.random() < _CUT:
        lowest, order = float(rng.uniform(50, 350)), int(rng.integers(1, 4))
        gain -= 10 * np.log10(1 + (lowest / frequencies) ** (2 * order))
    if rng.random() < _CUT:
        highest, order = float(rng.uniform(2500, 8000)), int(rng.integers(2, 7))
        gain -= 10 * np.log10(1 + (frequencies / highest) ** (2 * order))
    changed = fft.irfft(fft.rfft(samples) * 10 ** (gain / 20), len(samples))
    before, after = (float(np.mean(np.square(x, dtype=np.float64))) for x in (samples, changed))
    return np.asarray(changed * np.sqrt(before / after if after > 0 else 0.0), np.float32)


def laughter(voice: Array, rng: np.random.Generator) -> Array:
    """A laugh of this voice: its loudest sound as a breathy "ha", again and again, dying away.

    Args:
        voice: (n,) speech.

    Returns
    -------
        (m,), 0.5 to 3 s; silence of that length where the voice is silent or shorter than 0.1 s.
    """
    count, period = int(rng.integers(3, 14)), int(SAMPLE_RATE / rng.uniform(4.2, 6.0))
    laugh: Array = np.zeros(count * period, np.float32)
    length = SAMPLE_RATE // 10
    if len(voice) < length:
        return laugh
    steps = voice[: len(voice) // length * length].reshape(-1, length)
    ha = steps[int(np.square(steps).sum(axis=1).argmax())]
    fall = np.hanning(length).astype(np.float32)
    for number in range(count):
        lower = 1.25 - 0.5 * number / count + 0.05 * float(rng.standard_normal())
        sound = speed(ha, float(np.clip(lower, 0.6, 1.5)))[:length]
        breath = rng.standard_normal(len(sound)).astype(np.float32) * np.float32(ha.std() * 0.3)
        sound = (sound + breath) * np.resize(fall, length)[: len(sound)]
        at = number * period
        laugh[at : at + len(sound)] += sound[: len(laugh) - at] * np.float32(
            0.94**number * (1 + 0.2 * rng.standard_normal())
        )
    return laugh


def spec_augment(
    spectrogram: Array,
    rng: np.random.Generator,
    *,
    bands: int = 2,
    band: int = 20,
    gaps: int = 2,
    gap: int = 15,
) -> Array:
    """Blank random bands of frequencies and stretches of time (SpecAugment, arXiv 1904.08779).

    Parameters
    ----------
    spectrogram
        (bins, frames), normalised, so that its mean is 0; not changed.
    bands, band
        How many bands, and the most bins of one.
    gaps, gap
        How many stretches, and the most frames of one.
    """
    blanked = spectrogram.copy()
    for axis, count, most in ((0, bands, band), (1, gaps, gap)):
        size = blanked.shape[axis]
        for _ in range(count):
            width = int(rng.integers(min(most, size) + 1))
            start = int(rng.integers(size - width + 1))
            blanked[(slice(None),) * axis + (slice(start, start + width),)] = 0.0
    return blanked


def _mix(samples: Array, added: Array, snr: float) -> Array:
    speech, power = speech_power(samples), float(np.mean(np.square(added))) if len(added) else 0.0
    if speech <= 0.0 or power <= 0.0:
        return samples
    return samples + added * np.float32(np.sqrt(speech / power / 10 ** (snr / 10)))


def _fit(samples: Array, length: int) -> Array:
    return np.pad(samples[:length], (0, max(0, length - len(samples))))
