"""What the speaker encoder is trained to do, in the operations of every Keras backend.

A label of -1 is a voice nobody has named: it counts for the teacher's terms and for no other.
"""

from __future__ import annotations

from typing import Any

from keras import ops

from core.training.config import SMALLEST
from core.training.encoder.learner_parts import EMPTY, SCALE, SHARPNESS

UNLABELLED = -1


def unit(x: Any) -> Any:
    """``x`` (..., d) at unit length; a zero vector stays zero and its gradient finite."""
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis=-1, keepdims=True), SMALLEST))


def softmax_logits(raw: Any, centers: Any) -> Any:
    """Embeddings before they are made unit length (n, d) and classes (c, d) to logits (n, c)."""
    return ops.matmul(raw, ops.transpose(centers))


def am_softmax_logits(
    embeddings: Any, centers: Any, labels: Any, margin: Any, scale: float = SCALE
) -> Any:
    """Additive margin softmax (Wang et al. 2018, arXiv 1801.05599, equation 6).

    Parameters
    ----------
    embeddings
        (n, d), of any length.
    centers
        (c, d), of any length.
    labels
        (n,) int; -1 gets no margin.
    margin
        Taken off the cosine of the right class. 0.35 is the seed's; the large-margin
        fine-tuning of today's recipes (Thienpondt et al. 2021, arXiv 2010.11255) raises it.
    scale
        Of the cosines.

    Returns
    -------
    Any
        (n, c).
    """
    cosines = ops.matmul(unit(embeddings), ops.transpose(unit(centers)))
    return scale * (cosines - margin * ops.one_hot(labels, centers.shape[0], dtype=cosines.dtype))


def cross_entropy(logits: Any, labels: Any) -> Any:
    """Mean over the labelled rows; 0 when there are none."""
    known = ops.cast(ops.greater_equal(labels, 0), logits.dtype)
    each = ops.logsumexp(logits, axis=-1) - ops.sum(
        logits * ops.one_hot(labels, logits.shape[-1], dtype=logits.dtype), axis=-1
    )
    return ops.sum(each * known) / ops.maximum(ops.sum(known), 1.0)


def accuracy(logits: Any, labels: Any) -> Any:
    """Share of the labelled rows whose class has the largest logit; 0 when there are none."""
    known = ops.cast(ops.greater_equal(labels, 0), logits.dtype)
    right = ops.cast(ops.equal(ops.cast(ops.argmax(logits, -1), labels.dtype), labels), known.dtype)
    return ops.sum(right * known) / ops.maximum(ops.sum(known), 1.0)


def distance_to_teacher(student: Any, teacher: Any) -> Any:
    """Mean of 1 - cosine between the rows of (n, d) and (n, d)."""
    return ops.mean(1.0 - ops.sum(unit(student) * unit(teacher), axis=-1))


def distance_of_relations(student: Any, teacher: Any) -> Any:
    """Mean squared difference of the two batches' similarity matrices; (n, d) and (n, e)."""
    student, teacher = unit(student), unit(teacher)
    return ops.mean(
        ops.square(
            ops.matmul(student, ops.transpose(student))
            - ops.matmul(teacher, ops.transpose(teacher))
        )
    )


def memory_logits(embeddings: Any, memory: Any, labels: Any) -> Any:
    """How alike embeddings (n, d) are to those in memory (m, d), about the center of these, (n, m).

    A place without an embedding, by its label (m,), is like nothing.
    """
    filled = ops.expand_dims(ops.cast(ops.not_equal(labels, EMPTY), memory.dtype), -1)
    center = ops.sum(memory * filled, axis=0) / ops.maximum(ops.sum(filled), 1.0)
    cosines = ops.matmul(unit(embeddings - center), ops.transpose(unit(memory - center)))
    return SHARPNESS * cosines - 1e9 * (1.0 - ops.transpose(filled))


def distance_of_posteriors(student: Any, teacher: Any) -> Any:
    """Mean Kullback-Leibler divergence of the student's logits (n, m) from the teacher's."""
    said, heard = ops.log_softmax(student, axis=-1), ops.log_softmax(teacher, axis=-1)
    return ops.mean(ops.sum(ops.exp(heard) * (heard - said), axis=-1))


def of_the_same_voice(labels: Any, remembered: Any) -> Any:
    """Which embeddings in memory (m,) are of the voices in a batch (n,): (n, m), 0 or 1."""
    alike = ops.equal(ops.expand_dims(labels, -1), ops.expand_dims(remembered, 0))
    alike = ops.logical_and(alike, ops.expand_dims(ops.greater_equal(labels, 0), -1))
    return ops.cast(alike, "float32")


def without(logits: Any, alike: Any) -> Any:
    """Logits (n, m) in which one's own voice is like nothing."""
    return logits - 1e9 * alike


def voice_cross_entropy(logits: Any, labels: Any, remembered: Any) -> Any:
    """Mean over the rows (n, m) whose voice is in memory (m,); 0 when there are none."""
    alike = of_the_same_voice(labels, remembered)
    count = ops.sum(alike, axis=-1)
    each = -ops.sum(alike * ops.log_softmax(logits, axis=-1), axis=-1) / ops.maximum(count, 1.0)
    known = ops.cast(count > 0, logits.dtype)
    return ops.sum(each * known) / ops.maximum(ops.sum(known), 1.0)
