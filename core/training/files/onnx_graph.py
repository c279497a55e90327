"""The speaker encoder as an ONNX file, and back.

The graph is written layer by layer instead of being traced: it has the same bytes every time,
doesn't depend on a Keras backend, and its initialisers keep the names of the arrays, so that the
Keras network can be filled from the file that ships (:func:`read_onnx`). Batch normalisation stays
a node of its own for that reason; onnxruntime folds it into the convolutions when it loads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelError
from core.stream.features import BINS
from core.training import require
from core.training.config import BATCH_NORM, STEM, Arrays, NetworkConfig

if TYPE_CHECKING:
    import onnx

OPSET = 17
IR_VERSION = 8
"""Both of 2022: any onnxruntime since 1.12 reads them."""
CONFIG_KEY = "voicelanes.network"


class Graph:
    """Nodes and initialisers in order; every method gives back the name of what it added."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def convolution(self, name: str, x: str, *, stride: int = 1, padding: int = 0) -> str:
        """Convolution ``name`` with its bias if it has one, and its normalisation if it has one."""
        kernel = self.arrays[f"{name}/kernel"]
        inputs = [x, self.constant(f"{name}/kernel", kernel.transpose(3, 2, 0, 1))]
        if f"{name}/bias" in self.arrays:
            inputs.append(self.constant(f"{name}/bias", self.arrays[f"{name}/bias"]))
        return self.node(
            "Conv",
            inputs,
            name,
            kernel_shape=list(kernel.shape[:2]),
            strides=[stride, stride],
            pads=[padding] * 4,
        )

    def normalised(
        self, name: str, x: str, epsilon: float, *, stride: int = 1, padding: int = 0
    ) -> str:
        """Convolution and batch normalisation."""
        y = self.convolution(name, x, stride=stride, padding=padding)
        parts = [self.constant(f"{name}/bn/{p}", self.arrays[f"{name}/bn/{p}"]) for p in BATCH_NORM]
        return self.node("BatchNormalization", [y, *parts], f"{name}/bn", epsilon=epsilon)


def build_onnx(config: NetworkConfig, arrays: Arrays) -> bytes:
    """The network as an ONNX file.

    Input ``spectrogram``: float32 (batch, 257, frames), normalised; output ``embedding``: float32
    (batch, config.dim), unit length. A network that ends in an LDA, which is there for the decoder,
    has a second output, ``recognition``: float32 (batch, config.embedding), what goes into the LDA.
    Channels come first inside, which is what onnxruntime's CPU kernels want.
    """
    require("onnx")
    from onnx import TensorProto, checker, helper

    config.check(arrays)
    graph = Graph(arrays)
    one = graph.constant("axis/1", np.array([1], np.int64))
    two = graph.constant("axis/2", np.array([2], np.int64))
    x = graph.node("Unsqueeze", ["spectrogram", one], "image")
    x = graph.normalised("stem", x, config.epsilon, stride=config.stem_stride, padding=STEM // 2)
    x = graph.node("Relu", [x], "stem/relu")
    x = graph.node("MaxPool", [x], "stem/pool", kernel_shape=[2, 2], strides=[2, 2])
    for block in config.blocks():
        name, stride = block.name, block.stride
        y = graph.normalised(f"{name}/conv1", x, config.epsilon, stride=stride)
        y = graph.node("Relu", [y], f"{name}/conv1/relu")
        y = graph.normalised(f"{name}/conv2", y, config.epsilon, padding=1)
        y = graph.node("Relu", [y], f"{name}/conv2/relu")
        y = graph.normalised(f"{name}/conv3", y, config.epsilon)
        if block.projected:
            x = graph.normalised(f"{name}/shortcut", x, config.epsilon, stride=stride)
        x = graph.node("Add", [y, x], f"{name}/sum")
        x = graph.node("Relu", [x], f"{name}/relu")
    x = graph.node("MaxPool", [x], "pool", kernel_shape=[config.pool_height, 1], strides=[2, 1])
    x = _ghostvlad(graph, config, x, two)
    weights = graph.constant("embedding/kernel", arrays["embedding/kernel"])
    bias = graph.constant("embedding/bias", arrays["embedding/bias"])
    x = graph.node("Gemm", [x, weights, bias], "embedding/dense")
    if config.activation == "relu":
        x = graph.node("Relu", [x], "embedding/relu")
    sizes = {"embedding": config.dim}
    if config.lda:
        _lda(graph, _unit(graph, x, "recognition", axis=1))
        sizes["recognition"] = config.embedding
    else:
        _unit(graph, x, "embedding", axis=1)

    shape = helper.make_tensor_value_info
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "ghostvlad",
            [shape("spectrogram", TensorProto.FLOAT, ["batch", BINS, "frames"])],
            [shape(name, TensorProto.FLOAT, ["batch", size]) for name, size in sizes.items()],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="voicelanes",
    )
    helper.set_model_props(model, {CONFIG_KEY: config.to_json()})
    checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def read_onnx(content: bytes) -> tuple[NetworkConfig, Arrays]:
    """Inverse of :func:`build_onnx`: the configuration, and the arrays by name.

    Raises
    ------
    ModelError
        The file was not written by :func:`build_onnx`.
    """
    require("onnx")
    import onnx
    from onnx import numpy_helper

    model = onnx.load_from_string(content)
    properties = {item.key: item.value for item in model.metadata_props}
    if CONFIG_KEY not in properties:
        raise ModelError(
            "the ONNX file doesn't hold the network's configuration: export it with "
            "python -m core.training.files.export"
        )
    config = NetworkConfig.from_json(properties[CONFIG_KEY])
    constants = {item.name: item for item in model.graph.initializer}
    arrays: Arrays = {}
    for name, shape in config.shapes().items():
        if name not in constants:
            raise ModelError(f"the ONNX file lacks {name}: export it again")
        array = numpy_helper.to_array(constants[name])
        arrays[name] = array.transpose(2, 3, 1, 0) if len(shape) == 4 else array
    config.check(arrays)
    return config, arrays


def _ghostvlad(graph: Graph, config: NetworkConfig, x: str, time: str) -> str:
    """Paper, section 3.2: (batch, width, rows, frames) to (batch, clusters x features).

    With one row left, ``sum_t a (f - c)`` is ``A F' - (sum_t a) c``: a product of two matrices in
    place of an array of frames x clusters x features.
    """
    features = graph.convolution("features", x)
    features = graph.node("Relu", [features], "features/relu")
    features = graph.node("Squeeze", [features, time], "features/rows")
    features = graph.node("Transpose", [features], "features/frames", perm=[0, 2, 1])
    share = graph.convolution("assignment", x)
    share = graph.node("Softmax", [share], "assignment/softmax", axis=1)
    share = graph.node("Squeeze", [share, time], "assignment/rows")
    weight = graph.node("ReduceSum", [share, time], "assignment/sum", keepdims=1)
    pulled = graph.node("MatMul", [share, features], "vlad/pulled")
    centers = graph.constant("vlad/centers", graph.arrays["vlad/centers"])
    pushed = graph.node("Mul", [weight, centers], "vlad/pushed")
    residual = graph.node("Sub", [pulled, pushed], "vlad/residual")
    start = graph.constant("vlad/first", np.array([0], np.int64))
    end = graph.constant("vlad/ghost", np.array([config.clusters], np.int64))
    kept = graph.node("Slice", [residual, start, end, "axis/1"], "vlad/kept")
    unit = _unit(graph, kept, "vlad/unit", axis=2)
    return graph.node("Flatten", [unit], "vlad")


def _lda(graph: Graph, x: str) -> str:
    """Vectors of length 1, or zero, in the directions of an LDA, at the same length."""
    kernel = graph.constant("lda/kernel", graph.arrays["lda/kernel"])
    bias = graph.constant("lda/bias", graph.arrays["lda/bias"])
    length = graph.node("ReduceL2", [x], "lda/length", axes=[1], keepdims=1)
    shift = graph.node("Mul", [length, bias], "lda/shift")
    turned = graph.node("MatMul", [x, kernel], "lda/turned")
    return _unit(graph, graph.node("Add", [turned, shift], "lda"), "embedding", axis=1)


def _unit(graph: Graph, x: str, output: str, axis: int) -> str:
    """``x`` at unit length along ``axis``; a zero vector stays zero."""
    squares = graph.node("ReduceL2", [x], f"{output}/length", axes=[axis], keepdims=1)
    if "smallest" not in {constant.name for constant in graph.constants}:
        graph.constant("smallest", np.array(1e-6, np.float32))
    length = graph.node("Max", [squares, "smallest"], f"{output}/divisor")
    return graph.node("Div", [x, length], output)
