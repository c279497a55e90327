"""``python -m core.training.measure``: an encoder on a corpus, or on all that judge.

    python -m core.training.measure speechocean762 FOLDER --speakers speechocean762-heldout.txt
    python -m core.training.measure --all JUDGES --encoder runs/a/encoder.npz

The second prints the table of the model card: every set of :mod:`core.training.measure.judges` that
lies in the folder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import InputError, VoicelanesError
from core.printable import printable
from core.stream.encoder import Encoder
from core.training.measure.evaluate import (
    LENGTHS,
    DecodersPrint,
    EncoderScore,
    JudgedUtterance,
    evaluate,
)
from core.units import to_samples


def main(argv: Sequence[str]) -> int:
    """``python -m core.training.measure``: an encoder on a corpus, or on all that judge."""
    options = _options(argv)
    try:
        encoder = _encoder(options)
        if options.print == "decoder":
            encoder = DecodersPrint(encoder)
        if options.all:
            _judge_all(options, encoder)
        else:
            _judge_corpus(options, encoder)
    except VoicelanesError as error:
        print(printable(f"voicelanes: {error}"), file=sys.stderr)
        return 1
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    from core.training.data.corpora import CORPORA
    from core.training.measure.judges import NAMES

    parser = argparse.ArgumentParser(
        prog="python -m core.training.measure",
        description="Equal error rates of an encoder over the speakers of a corpus, "
        "or over all sets of voices that nothing is learnt from.",
    )
    parser.add_argument("corpus", nargs="?", choices=list(CORPORA), metavar="CORPUS")
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    parser.add_argument("--speakers", type=Path, help="only those in this list (…-heldout.txt)")
    parser.add_argument(
        "--seconds", type=float, nargs="*", help="lengths (0.5 0.83 1.6 2.4, whole)"
    )
    group = parser.add_argument_group("all sets")
    group.add_argument(
        "--all",
        type=Path,
        metavar="JUDGES",
        help=f"a folder with any of {', '.join(NAMES)}, and the lists …-heldout.txt",
    )
    group.add_argument("--sets", nargs="+", choices=NAMES, default=NAMES, metavar="NAME")
    group.add_argument("--cache", type=Path, metavar="DIR", help="keep decoded speech there")
    group = parser.add_argument_group("the encoder (the one in use)")
    group.add_argument(
        "--encoder",
        type=Path,
        metavar="FILE",
        help="encoder.npz of a training, an .onnx, or the wheel of resemblyzer",
    )
    group.add_argument(
        "--window", type=float, default=1.615, metavar="S", help="its window (%(default)s s)"
    )
    group.add_argument(
        "--print",
        choices=("recognition", "decoder"),
        default="recognition",
        help="which of its prints, if it makes two (%(default)s)",
    )
    options = parser.parse_args(argv)
    if (options.all is None) == (options.folder is None):
        parser.error("give CORPUS FOLDER, or --all JUDGES")
    if options.window <= 0 or any(seconds <= 0 for seconds in options.seconds or ()):
        parser.error("lengths are above 0")
    return options


def _encoder(options: argparse.Namespace) -> Encoder:
    if options.encoder:
        from core.training.files.encoder_file import load_encoder

        window = to_samples(options.window)
        return load_encoder(options.encoder, window, window // 2).encoder
    from core.models.folders import current_models
    from core.stream.encoder import OnnxEncoder

    return OnnxEncoder(current_models())


def _judge_corpus(options: argparse.Namespace, encoder: Encoder) -> None:
    from core.training.data.corpora import Utterance, read_corpus, read_held_out
    from core.training.data.recordings import read_speech

    def voice(utterance: Utterance) -> JudgedUtterance:
        return JudgedUtterance(utterance.speaker, lambda: read_speech(utterance.path))

    utterances = read_corpus(options.corpus, options.folder)
    if options.speakers:
        wanted = read_held_out(options.speakers)
        utterances = [u for u in utterances if u.speaker in wanted]
    for score in evaluate(encoder, map(voice, utterances), options.seconds or LENGTHS):
        print(score)


def _judge_all(options: argparse.Namespace, encoder: Encoder) -> None:
    from tempfile import TemporaryDirectory

    from core.training.measure.judges import SETS, judge, table

    lengths = options.seconds or LENGTHS
    rows: list[tuple[str, list[EncoderScore | None]]] = []
    with TemporaryDirectory() as temporary:
        for judges in SETS:
            if judges.folder not in options.sets:
                continue
            if not (options.all / judges.folder).is_dir():
                print(printable(f"{judges.name}: not in {options.all}"), file=sys.stderr)
                continue
            cache = options.cache or Path(temporary)
            scores = judge(encoder, judges, options.all, cache, lengths)
            rows.append((judges.name, scores))
            for score in scores:
                if score:
                    print(f"{judges.name}: {score}", file=sys.stderr, flush=True)
    if not rows:
        raise InputError(f"there is nobody in {options.all} who judges: see --help for its folders")
    print(table(rows, lengths), end="")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
