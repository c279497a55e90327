"""``python -m core.training.files.export``: trained arrays to the files in ``models/``.

Writes ``ghostvlad.onnx`` and ``uisrnn.npz`` and brings ``manifest.toml`` up to date: sha256 and
size of every file it names, the calibration of the decoder. The same arrays give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.atomic import write_file
from core.errors import ModelError, VoicelanesError
from core.models.manifest import MANIFEST, read_manifest, shipped_models
from core.printable import printable
from core.training.config import NetworkConfig, fast_config, published_config
from core.training.files.lda import with_lda
from core.training.files.onnx_graph import build_onnx

CONFIGS = {"fast": fast_config, "published": published_config}


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Every array of an ``.npz``; pickled objects are refused."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        raise ModelError(f"{path} is missing: give the file that training wrote") from None
    except (OSError, ValueError, EOFError) as error:
        raise ModelError(f"{path} is not an .npz of arrays ({error})") from error


@dataclass(frozen=True)
class Calibration:
    """What is changed in a decoder after fitting, found on conversations.

    The dimensions of an embedding are not independent, as the model's likelihood takes them to be:
    it is far too sure of itself. ``sigma2_factor`` is a temperature on that likelihood;
    ``crp_alpha`` is the prior weight of a new speaker and ``transition_bias`` the probability that
    the next window is another speaker's.
    """

    sigma2_factor: float = 5.0
    crp_alpha: float = 0.1
    transition_bias: float = 0.05


def calibrated(
    arrays: Mapping[str, NDArray[Any]], calibration: Calibration
) -> dict[str, NDArray[Any]]:
    """The decoder as it runs, from the decoder as it was fitted."""
    decoder = dict(arrays)
    factor = np.float32(calibration.sigma2_factor)
    decoder["sigma2"] = (arrays["sigma2"] * factor).astype(np.float32)
    decoder["crp_alpha"] = np.array(calibration.crp_alpha, np.float64)
    decoder["transition_bias"] = np.array(calibration.transition_bias, np.float64)
    return decoder


def npz_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """An uncompressed ``.npz``, the same bytes for the same arrays in the same order.

    ``np.savez`` streams into the archive, which patch releases of Python write differently.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy")
            entry.create_system = 3  # or else the operating system that wrote it
            archive.writestr(entry, content.getvalue())
    return buffer.getvalue()


def update_manifest(text: str, table: str, values: Mapping[str, str | int | float]) -> str:
    """``manifest.toml`` with some values of ``[table]`` replaced; comments and the rest stay.

    Raises
    ------
    ModelError
        The table or one of the keys is not there.
    """
    start = re.search(rf"^\[{re.escape(table)}\]$", text, re.MULTILINE)
    if start is None:
        raise ModelError(f"{MANIFEST} has no [{table}]: add it by hand, with every key")
    following = re.search(r"^\[", text[start.end() :], re.MULTILINE)
    end = start.end() + following.start() if following else len(text)
    body = text[start.end() : end]
    for key, value in values.items():
        written = f'"{value}"' if isinstance(value, str) else repr(value)
        body, count = re.subn(
            rf"^{re.escape(key)} = .*$", f"{key} = {written}", body, flags=re.MULTILINE
        )
        if count != 1:
            raise ModelError(f"{MANIFEST} has no {key} in [{table}]: add it by hand")
    return text[: start.end()] + body + text[end:]


def with_content(text: str, table: str, content: bytes) -> str:
    """``manifest.toml`` with the hash and size of a file that ``[table]`` is about."""
    sha256 = hashlib.sha256(content).hexdigest()
    return update_manifest(text, table, {"sha256": sha256, "size": len(content)})


def export(
    encoder: Path,
    decoder: Path,
    folder: Path,
    *,
    config: NetworkConfig,
    calibration: Calibration,
    lda: Path | None = None,
) -> None:
    """Write both models into ``folder`` and bring its manifest up to date.

    ``lda`` has the arrays of the encoder's last layer, if they are not among its own yet.
    """
    weights = read_arrays(encoder)
    if lda:
        config, weights = with_lda(config, weights, read_arrays(lda))
    fitted = read_arrays(decoder)
    if missing := {"sigma2", "crp_alpha", "transition_bias"} - fitted.keys():
        raise ModelError(f"{decoder} lacks {min(missing)}: give the UIS-RNN that was fitted")
    changed = calibrated(fitted, calibration)
    dim = len(changed["sigma2"])
    contents = {
        "ghostvlad.onnx": build_onnx(config, weights),
        "uisrnn.npz": npz_bytes(changed),
    }
    if dim != config.dim:
        raise ModelError(
            f"{decoder} is for embeddings of {dim}, {encoder} makes {config.dim}: give two that "
            "belong together, with --lda if the decoder's training wrote one"
        )
    for name, content in contents.items():
        write_file(folder / name, content)
    manifest = folder / MANIFEST
    text = manifest.read_text("utf-8")
    values = asdict(calibration) | {
        "crp_alpha_fitted": float(fitted["crp_alpha"]),
        "transition_bias_fitted": float(fitted["transition_bias"]),
    }
    text = update_manifest(text, "uisrnn.calibration", values)
    text = update_manifest(text, "ghostvlad", {"dim": config.dim})
    text = update_manifest(text, "uisrnn", {"dim": dim})
    for table, entry in read_manifest(manifest).items():
        if isinstance(entry, dict):
            text = with_content(text, table, (folder / entry["file"]).read_bytes())
    write_file(manifest, text)


def main(argv: list[str] | None = None) -> int:
    """0 done, 1 the input is at fault, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m core.training.files.export", description=__doc__
    )
    parser.add_argument("encoder", type=Path, help=".npz of the encoder's arrays")
    parser.add_argument("decoder", type=Path, help=".npz of the UIS-RNN as it was fitted")
    parser.add_argument("--config", choices=CONFIGS, default="fast", help="size of the encoder")
    parser.add_argument("--lda", type=Path, metavar="FILE", help=".npz of the encoder's last layer")
    for name, value in asdict(Calibration()).items():
        option = "--" + name.replace("_", "-")
        parser.add_argument(option, type=float, default=value, help="default %(default)s")
    parser.add_argument("--out", type=Path, default=shipped_models().folder, help="%(default)s")
    given = parser.parse_args(argv)
    try:
        export(
            given.encoder,
            given.decoder,
            given.out,
            config=CONFIGS[given.config](),
            calibration=Calibration(given.sigma2_factor, given.crp_alpha, given.transition_bias),
            lda=given.lda,
        )
    except (VoicelanesError, OSError) as error:
        print(printable(f"export: {error}"), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
