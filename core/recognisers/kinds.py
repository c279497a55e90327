"""Which recognisers of speech there can be on this machine, and what each of them needs.

None is part of Voicelanes, and nothing is ever downloaded: a program or library is there or it
isn't, and a model lies in a folder that the person names.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from core.atomic import why_not
from core.errors import InputError, MissingExtraError
from core.extras import absent, how_to_add, pip_install

RecogniserName = Literal["faster-whisper", "whisper.cpp", "vosk", "pocketsphinx"]

WHISPER_CPP = ("whisper-cli", "whisper-cpp", "whisper.cpp")
"""What the program of whisper.cpp is called, depending on who packed it."""
_WEIGHTS = ("ggml-*.bin", "*.gguf")


@dataclass(frozen=True)
class RecogniserChoice:
    """The recogniser that a person chose.

    Parameters
    ----------
    name
        Which.
    model
        The folder of its model; None where it has one of its own. After :func:`checked` of
        whisper.cpp the file in it.
    language
        Code of the language that is spoken, such as ``de``; empty where the recogniser finds it
        out, or its model knows only one.
    """

    name: RecogniserName
    model: Path | None = None
    language: str = ""


@dataclass(frozen=True)
class Recogniser:
    """One that there can be.

    Parameters
    ----------
    needs_model
        Whether it can do nothing without a model folder.
    languages
        Whether it can be told which language is spoken.
    model
        What its model folder holds, for a person to find the right one.
    """

    name: RecogniserName
    needs_model: bool
    languages: bool
    model: str
    there: Callable[[], bool]
    to_get: Callable[[], str]
    found_in: Callable[[Path], Path | None]
    """The model in a folder as the recogniser wants it named, None if there is none."""


def program() -> str | None:
    """The path of whisper.cpp's program; None if it isn't on the PATH."""
    return next(filter(None, map(shutil.which, WHISPER_CPP)), None)


def sphinx_files(folder: Path) -> tuple[Path, Path, Path] | None:
    """Acoustic model, language model and dictionary in a folder of pocketsphinx's."""
    acoustic = next((p.parent for p in sorted(folder.rglob("mdef"))), None)
    language = next((p for end in ("*.lm.bin", "*.lm") for p in sorted(folder.rglob(end))), None)
    words = next((p for end in ("*.dict", "*.dic") for p in sorted(folder.rglob(end))), None)
    return (acoustic, language, words) if acoustic and language and words else None


def _holds(*names: str) -> Callable[[Path], Path | None]:
    return lambda folder: folder if all((folder / name).is_file() for name in names) else None


def _of_vosk(folder: Path) -> Path | None:
    return folder if any((folder / n).is_file() for n in ("am/final.mdl", "final.mdl")) else None


def _of_sphinx(folder: Path) -> Path | None:
    return folder if sphinx_files(folder) else None


def _of_cpp(path: Path) -> Path | None:
    if path.is_file():
        return path
    files = sorted(file for pattern in _WEIGHTS for file in path.glob(pattern))
    return files[0] if len(files) == 1 else None


RECOGNISERS: Mapping[str, Recogniser] = {
    r.name: r
    for r in (
        Recogniser(
            "faster-whisper",
            needs_model=True,
            languages=True,
            model="a folder with model.bin, config.json and tokenizer.json",
            there=lambda: not absent("faster_whisper"),
            to_get=lambda: how_to_add("words"),
            found_in=_holds("model.bin", "config.json", "tokenizer.json"),
        ),
        Recogniser(
            "whisper.cpp",
            needs_model=True,
            languages=True,
            model="a file ggml-*.bin or *.gguf, or a folder with one of them",
            there=lambda: program() is not None,
            to_get=lambda: f"install whisper.cpp, so that {WHISPER_CPP[0]} is on the PATH",
            found_in=_of_cpp,
        ),
        Recogniser(
            "vosk",
            needs_model=True,
            languages=False,
            model="an unpacked model, with am/final.mdl",
            there=lambda: not absent("vosk"),
            to_get=lambda: pip_install("vosk"),
            found_in=_of_vosk,
        ),
        Recogniser(
            "pocketsphinx",
            needs_model=False,
            languages=False,
            model="a folder with mdef, a *.lm.bin and a *.dict (without one: its own, English)",
            there=lambda: not absent("pocketsphinx"),
            to_get=lambda: pip_install("pocketsphinx"),
            found_in=_of_sphinx,
        ),
    )
}
"""All of them, by name, the best first."""

assert set(RECOGNISERS) == set(get_args(RecogniserName))


def found() -> list[Recogniser]:
    """Those that are on this machine; none is loaded."""
    return [recogniser for recogniser in RECOGNISERS.values() if recogniser.there()]


def checked(choice: RecogniserChoice) -> RecogniserChoice:
    """The choice with its model as the recogniser wants it named, absolute.

    Raises
    ------
    MissingExtraError
        The recogniser isn't there.
    InputError
        It needs a model and none is named, or what is named isn't one of its.
    """
    recogniser = RECOGNISERS[choice.name]
    if not recogniser.there():
        raise MissingExtraError(f"{choice.name} is not on this machine: {recogniser.to_get()}")
    if choice.language and not recogniser.languages:
        raise InputError(f"{choice.name} can't be told a language: it is that of its model")
    if choice.model is None:
        if recogniser.needs_model:
            raise InputError(f"{choice.name} needs a model; name {recogniser.model}")
        return choice
    path = choice.model.expanduser().absolute()
    try:
        path.stat()
        model = recogniser.found_in(path)
    except OSError as error:
        raise InputError(f"can't read the model {path}: {why_not(error)}") from error
    if model is None:
        raise InputError(f"{path} is no model of {choice.name}; name {recogniser.model}")
    return replace(choice, model=model)
