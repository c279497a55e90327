"""Conversations are cut, labelled and labelled again just as the live stream does it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.annotation.values import Annotation, Turn
from core.bench.sequences import following_model
from core.stream.diarizer import BEAM, LAG, Diarizer
from core.training.data.conversations import Conversation, ConversationSettings, simulate
from core.training.data.hearing import NOBODY, HeardConversation, dominant_speakers, hear
from core.uisrnn.decoder import Decoder
from tests.core.training.talking import (
    BANDS,
    BandEncoder,
    Loudness,
    timbre,
    unsure_segmentation,
    voices,
)


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    talk = ConversationSettings(duration=30.0, rooms=False, snr=None)
    return simulate(voices(range(4)), np.random.default_rng(5), talk)


@pytest.fixture(scope="module")
def heard(conversation: Conversation) -> HeardConversation:
    return hear(conversation, BandEncoder(), unsure_segmentation(), Loudness())


def test_windows_and_turns_are_those_of_the_stream(
    conversation: Conversation, heard: HeardConversation
) -> None:
    model = following_model(np.random.default_rng(2), BANDS, spread=0.3)
    stages = unsure_segmentation(), Loudness()
    live = Diarizer(BandEncoder(), Decoder(model, beam_size=BEAM, lag=LAG), *stages, live=True)
    windows = []
    for start in range(0, len(conversation.samples), 5000):
        windows += live.push(conversation.samples[start : start + 5000]).windows
    turns = live.finish()
    windows += live.rest
    assert len({t.speaker for t in turns.turns}) > 1
    assert heard.turns(model) == turns
    assert heard.windows.tolist() == [[w.start, w.end, w.voice] for w in windows]
    np.testing.assert_array_equal(heard.embeddings, [w.embedding for w in windows])


def test_mixed_windows_are_there_and_labels_are_the_voices(
    conversation: Conversation, heard: HeardConversation
) -> None:
    spoken = np.zeros((len(conversation.reference.speakers), len(conversation.samples)), np.bool_)
    for turn in conversation.reference.turns:
        spoken[turn.speaker, turn.start : turn.end] = True
    shares = np.array([spoken[:, s:e].sum(axis=1) for s, e, _ in heard.windows])
    assert (np.count_nonzero(shares, axis=1) > 1).any()
    np.testing.assert_array_equal(shares.max(axis=1), shares[range(len(shares)), heard.labels])
    embeddings, labels = heard.training_pair()
    pure = [np.count_nonzero(row) == 1 for row in shares]
    timbres = np.array([timbre(number) for number in range(4)])
    nearest = (embeddings[pure] @ timbres.T).argmax(axis=1)
    names = [conversation.reference.speaker(label).name for label in labels[pure]]
    assert names == [f"voice {number}" for number in nearest]


def test_dominant_speaker() -> None:
    talk = Annotation.build([Turn(0, 10, 0), Turn(8, 30, 1), Turn(50, 60, 0)], 100)
    starts = np.array([0, 4, 6, 40, 49, 85])
    ends = np.array([10, 14, 16, 50, 59, 95])
    assert dominant_speakers(talk, starts, ends).tolist() == [0, 0, 1, NOBODY, 0, NOBODY]
    assert dominant_speakers(talk, np.array([8, 9]), np.array([9, 14])).tolist() == [0, 1]
    assert dominant_speakers(Annotation(), starts, ends).tolist() == [NOBODY] * 6
    nothing = np.zeros(0, np.int64)
    assert dominant_speakers(talk, nothing, nothing).tolist() == []


def test_training_leaves_out_what_teaches_nothing(heard: HeardConversation) -> None:
    embeddings = heard.embeddings.copy()
    embeddings[1] = np.nan
    embeddings[2] = 0.0
    first = replace(heard, embeddings=embeddings)
    pair = first.training_pair()
    np.testing.assert_array_equal(pair[0], np.delete(embeddings, [1, 2], axis=0))
    np.testing.assert_array_equal(pair[1], np.delete(heard.labels, [1, 2]))
    empty = replace(heard, reference=Annotation(duration=heard.reference.duration))
    assert len(empty.training_pair()[1]) == 0


def test_kept_and_read_again(heard: HeardConversation) -> None:
    content = heard.to_bytes()
    again = HeardConversation.from_bytes(content)
    assert again.to_bytes() == content
    assert again.reference == heard.reference
    np.testing.assert_array_equal(again.labels, heard.labels)
    model = following_model(np.random.default_rng(2), BANDS, spread=0.3)
    assert again.turns(model) == heard.turns(model)
    with pytest.raises((OSError, ValueError)):
        HeardConversation.from_bytes(b"PK nothing")
