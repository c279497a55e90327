"""`voicelanes bench decoder`: the incremental decoder beside the ``uisrnn`` package.

Both sides run in this process, on one thread, over the same generated embeddings: whether the
labels are identical, how many times faster ours is, and whether an embedding costs at the end of
a long stream what it cost at its beginning. Takes minutes, nearly all of them the package's.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from core.bench.memory import resident_mb
from core.bench.sequences import Vectors, cases, conversation, following_model
from core.runtime import single_torch_thread
from core.training.reference.uisrnn_decoder import (
    package_model,
    packages,
    predict_options,
    reference_decode,
)
from core.uisrnn.decoder import Decoder, decode
from core.uisrnn.model import UISRNNModel

_DIMS = (256, 512)
_BEAM_SIZE = 10
_SPEAKERS = 6
_BLOCK = 50  # embeddings timed together


def run(*, quick: bool = False) -> dict[str, Any]:
    """Measure, with progress on standard error.

    Parameters
    ----------
    quick
        A twentieth of everything, to see that it works; the figures are rough.

    Returns
    -------
    dict[str, Any]
        ``speedup`` (the least of ``speedup_256`` and ``speedup_512``), the milliseconds per
        embedding they come from, ``identical`` ("200/200" sequences), ``identical_256`` and
        ``identical_512`` (labels of the timed sequences), ``flatness_50000`` (cost of the last
        tenth of a stream over that of the first), ``rss_growth_mb`` over that stream's last nine
        tenths (None where the system doesn't say).

    Raises
    ------
    MissingExtraError
        ``[train]`` is not installed.
    """
    packages()
    sequences, embeddings, stream = (10, 50, 2_500) if quick else (200, 1_000, 50_000)
    with single_torch_thread():
        figures = _stream(stream)
        figures |= _identical(sequences, longer=1 if quick else 3)
        for dim in _DIMS:
            figures |= _speed(dim, embeddings)
    return {"speedup": min(figures[f"speedup_{dim}"] for dim in _DIMS), **figures}


def _speed(dim: int, count: int) -> dict[str, Any]:
    """Ours before and after the package, so that a machine that gets busier slows both."""
    model, talk = _conversation(dim, count)
    decode(model, talk[:20])
    ours = [_seconds(model, talk)]
    _say(f"D={dim}: {count} embeddings by uisrnn (up to {count * 0.2:.0f} s)")
    package = package_model(model)
    begin = time.perf_counter()
    theirs = package.predict(talk, predict_options(_BEAM_SIZE))
    package_seconds = time.perf_counter() - begin
    ours += [_seconds(model, talk) for _ in range(2)]
    seconds = statistics.median(ours)
    _say(
        f"D={dim}: uisrnn {package_seconds / count * 1e3:.1f} ms per embedding, "
        f"ours {seconds / count * 1e3:.2f} ms, {package_seconds / seconds:.0f} times faster"
    )
    labels = decode(model, talk, beam_size=_BEAM_SIZE)
    return {
        f"speedup_{dim}": round(package_seconds / seconds, 1),
        f"package_ms_{dim}": round(package_seconds / count * 1e3, 2),
        f"ours_ms_{dim}": round(seconds / count * 1e3, 3),
        f"identical_{dim}": np.array_equal(labels, np.array(theirs, dtype=np.int64)),
        f"speakers_{dim}": int(labels.max()) + 1,
    }


def _identical(count: int, longer: int) -> dict[str, Any]:
    same = 0
    for number, case in enumerate(cases(count, longer=longer), start=1):
        settings: dict[str, int] = {"beam_size": case.beam_size, "passes": case.passes}
        ours = decode(case.model, case.embeddings, **settings)
        same += np.array_equal(ours, reference_decode(case.model, case.embeddings, **settings))
        if number % 20 == 0 or number == count:
            _say(f"{same} of {number} sequences have the package's labels")
    return {"identical": f"{same}/{count}"}


def _stream(count: int) -> dict[str, Any]:
    """One decoder over a long stream; a fresh one repeats its beginning beside its end.

    Taking turns in blocks, the two meet the same machine, however busy it is by then.
    """
    dim, tenth = _DIMS[0], count // 10
    model, talk = _conversation(dim, count)
    _say(f"D={dim}: a stream of {count} embeddings")
    long, fresh = Decoder(model, beam_size=_BEAM_SIZE), Decoder(model, beam_size=_BEAM_SIZE)
    for _ in _block_seconds(long, talk[:tenth]):
        pass
    before = resident_mb()
    for _ in _block_seconds(long, talk[tenth:-tenth]):
        pass
    first: list[float] = []
    last: list[float] = []
    turns = zip(
        _block_seconds(fresh, talk[:tenth]), _block_seconds(long, talk[-tenth:]), strict=True
    )
    for of_fresh, of_long in turns:
        first.append(of_fresh)
        last.append(of_long)
    after = resident_mb()
    flatness = statistics.median(last) / statistics.median(first)
    _say(f"last tenth / first tenth: {flatness:.2f}; {long.n_speakers} speakers")
    return {
        f"flatness_{count}": round(flatness, 3),
        "rss_growth_mb": None if before is None or after is None else round(after - before, 1),
        "stream_speakers": [fresh.n_speakers, long.n_speakers],
    }


def _conversation(dim: int, count: int) -> tuple[UISRNNModel, Vectors]:
    rng = np.random.default_rng(dim)
    return following_model(rng, dim), conversation(rng, count, dim, _SPEAKERS)


def _seconds(model: UISRNNModel, talk: Vectors) -> float:
    return sum(_block_seconds(Decoder(model, beam_size=_BEAM_SIZE), talk))


def _block_seconds(decoder: Decoder, talk: Vectors) -> Iterator[float]:
    for start in range(0, len(talk), _BLOCK):
        begin = time.perf_counter()
        for embedding in talk[start : start + _BLOCK]:
            decoder.push(embedding)
        yield time.perf_counter() - begin


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
