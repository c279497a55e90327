"""The corpora that can be read: where each is published, under which licence, how its files lie."""

from __future__ import annotations

from dataclasses import dataclass

from core.training.data.layouts import (
    Reader,
    by_path,
    read_common_voice,
    read_folders,
    read_speechocean762,
    read_wuw,
)


@dataclass(frozen=True)
class Corpus:
    """A corpus that can be read.

    Parameters
    ----------
    name, source
        What it is called, and where it is published.
    licence
        As its publishers state it.
    layout
        How its files lie, for the person who gave the wrong folder.
    read
        From a folder to its utterances.
    may_ship
        Weights that were trained on it may be shipped: its licence is known and allows
        commercial use and derivatives.
    """

    name: str
    licence: str
    source: str
    layout: str
    read: Reader
    may_ship: bool


CORPORA: dict[str, Corpus] = {
    corpus.name: corpus
    for corpus in (
        Corpus(
            "slr38",
            "CC BY-NC-ND 4.0",
            "Free ST Chinese Mandarin Corpus (ST-CMDS-20170001_1), openslr.org/38",
            "20170001P00001A0001.wav",
            by_path("slr38", r"(?P<id>\d{8}(?P<speaker>P\d{5}[A-Z])\d{4})\.wav"),
            may_ship=False,
        ),
        Corpus(
            "vctk",
            "CC BY 4.0 (0.92), ODC-By 1.0 (0.80)",
            "CSTR VCTK Corpus, University of Edinburgh, datashare.ed.ac.uk/handle/10283/3443",
            "wav48/p225/p225_001.wav or wav48_silence_trimmed/p225/p225_001_mic1.flac",
            # The second microphone hears the same words.
            by_path("vctk", r"(?P<id>(?P<speaker>p\d{3}|s5)_\d{3})(?:_mic1)?\.(?:wav|flac)"),
            may_ship=True,
        ),
        Corpus(
            "voxceleb1",
            "CC BY 4.0 for the lists; the sound belongs to the owners of the videos",
            "VoxCeleb1, Visual Geometry Group, University of Oxford",
            "id10001/1zcIwhmdeo4/00001.wav",
            by_path(
                "voxceleb1",
                r"(?P<speaker>id1\d{4})/(?P<id>[^/]+/\d{5})\.(?:wav|flac|aac|m4a)",
                "voxceleb",
            ),
            may_ship=False,
        ),
        Corpus(
            "voxceleb2",
            "CC BY 4.0 for the lists; the sound belongs to the owners of the videos",
            "VoxCeleb2, Visual Geometry Group, University of Oxford",
            "id00012/21Uxsk56VDQ/00001.m4a",
            by_path(
                "voxceleb2",
                r"(?P<speaker>id0\d{4})/(?P<id>[^/]+/\d{5})\.(?:wav|flac|aac|m4a)",
                "voxceleb",
            ),
            may_ship=False,
        ),
        Corpus(
            "librispeech",
            "CC BY 4.0",
            "LibriSpeech and Mini LibriSpeech, openslr.org/12 and openslr.org/31",
            "train-clean-5/1088/134315/1088-134315-0000.flac",
            by_path("librispeech", r"(?P<id>(?P<speaker>\d+)-\d+-\d{4})\.(?:flac|wav|mp3|ogg)"),
            may_ship=True,
        ),
        Corpus(
            "speechocean762",
            "CC BY 4.0",
            "speechocean762, openslr.org/101, github.com/jimbozhang/speechocean762",
            "WAVE/SPEAKER0001/000010011.WAV",
            read_speechocean762,
            may_ship=True,
        ),
        Corpus(
            "speech-commands",
            "CC BY 4.0",
            "Speech Commands, P. Warden, arXiv 1804.03209",
            "bed/00176480_nohash_0.wav",
            by_path(
                "speech-commands",
                r"(?P<id>[^/]+/(?P<speaker>[0-9a-f]{8})_nohash_\d+)\.(?:wav|flac)",
                words=True,
            ),
            may_ship=True,
        ),
        Corpus(
            "arabic-speech-commands",
            "CC BY 4.0",
            "Arabic Speech Commands, A. Ghandoura, "
            "github.com/abdulkaderghandoura/arabic-speech-commands-dataset",
            "dataset/backward/00000001_NO_01.wav",
            by_path(
                "arabic-speech-commands",
                r"(?P<id>[^/]+/(?P<speaker>\d{8})_[A-Z]+_\d+)\.(?:wav|flac)",
                words=True,
            ),
            may_ship=True,
        ),
        Corpus(
            "aishell",
            "Apache-2.0",
            "AISHELL-1, Beijing Shell Shell Technology, openslr.org/33",
            "wav/train/S0002/BAC009S0002W0122.wav",
            by_path("aishell", r"(?P<id>BAC009(?P<speaker>S\d{4})W\d{4})\.(?:wav|flac)"),
            may_ship=True,
        ),
        Corpus(
            "common-voice",
            "CC0 1.0",
            "Mozilla Common Voice, commonvoice.mozilla.org",
            "clips/common_voice_en_1.mp3 beside validated.tsv",
            read_common_voice,
            may_ship=True,
        ),
        Corpus(
            "wuw-corpus-ii",
            "CC BY-SA 4.0",
            "WUW Corpus II, V. Kepuska, github.com/wake-up-word/wuw-corpus-ii",
            "calls/00000/WUWII00000_000.ulaw beside data.json",
            read_wuw,
            may_ship=True,
        ),
        Corpus(
            "vcc2016",
            "CC BY 4.0",
            "Voice Conversion Challenge 2016, datashare.ed.ac.uk/handle/10283/2211",
            "vcc2016_training/SF1/100001.wav",
            by_path("vcc2016", r"(?P<speaker>[ST][FM]\d)/(?P<id>\d{6})\.(?:wav|flac)"),
            may_ship=True,
        ),
        Corpus(
            "alphanumeric",
            "MIT",
            "alphanumeric-audio-dataset, github.com/Sakshee5/alphanumeric-audio-dataset",
            "audio_data/Addresses/R_14L9qNxUlipFmsF.wav",
            by_path("alphanumeric", r"(?P<id>[^/]+/(?P<speaker>R_\w{15}))\.(?:wav|m4a|mp3)"),
            may_ship=True,
        ),
        Corpus(
            "fsdd",
            "CC BY-SA 4.0",
            "Free Spoken Digit Dataset, github.com/Jakobovski/free-spoken-digit-dataset",
            "recordings/0_george_0.wav",
            by_path("fsdd", r"(?P<id>\d_(?P<speaker>[a-z]+)_\d+)\.wav", words=True),
            may_ship=True,
        ),
        Corpus(
            "tedxkr",
            "CC BY-NC-ND 4.0",
            "Pansori TEDxKR, openslr.org/58, github.com/yc9701/pansori-tedxkr-corpus",
            "data/<speaker>/<talk>/<speaker>-<talk>-0001.flac",
            by_path(
                "tedxkr",
                r"(?P<speaker>[^/]+)/(?P<talk>[^/]+)/(?P<id>(?P=speaker)-(?P=talk)-\d{4})\.flac",
            ),
            may_ship=False,
        ),
        Corpus(
            "ravdess",
            "CC BY-NC-SA 4.0",
            "RAVDESS, S. R. Livingstone and F. A. Russo, zenodo.org/record/1188976",
            "Actor_01/03-01-01-01-01-01-01.wav",
            by_path("ravdess", r"(?P<speaker>Actor_\d{2})/(?P<id>\d{2}(?:-\d{2}){6})\.wav"),
            may_ship=False,
        ),
        Corpus(
            "4persons",
            "unknown: recordings of the seed project, taylorlu/Speaker-Diarization",
            "the four persons of the seed's distance matrix",
            "a_1.wav",
            by_path("4persons", r"(?P<id>(?P<speaker>[a-z])_\d)\.wav"),
            may_ship=False,
        ),
        Corpus(
            "folders",
            "unknown: the person who has it knows",
            "any folder with a folder of audio for each speaker",
            "<speaker>/**/*.wav, .flac, .mp3, .opus, .m4a",
            read_folders,
            may_ship=False,
        ),
    )
}
