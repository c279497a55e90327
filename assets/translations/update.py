"""Brings every .ts file here up to date with the strings in app/, and makes the .qm files of them.

    python assets/translations/update.py

Translations that are there stay; strings that are new come in empty, to be written by hand or in Qt
Linguist; strings that are gone go. Then run it again: the .qm files are what the window loads.
They need Qt's lrelease (Debian: qttools5-dev-tools) and are committed beside the .ts files.
pylupdate5 can't be used: it doesn't follow the functions that app/ has around tr().
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
APP = HERE.parent.parent / "app"
LRELEASE = ("lrelease-qt5", "/usr/lib/qt5/bin/lrelease", "lrelease")

Text = tuple[str, str]
"""A string's context and the string."""


def sources(folder: Path = APP) -> list[Text]:
    """All strings to be translated, each once, in the order of the files."""
    found: dict[Text, None] = {}
    for path in sorted(folder.rglob("*.py")):
        found.update(dict.fromkeys(strings(ast.parse(path.read_text("utf-8")))))
    return list(found)


def strings(tree: ast.Module) -> Iterator[Text]:
    """Those of one module.

    ``self.tr`` in a class, whose name is the context; ``window.tr`` outside of one, which is the
    main window's; ``translate`` and ``QT_TRANSLATE_NOOP`` with a context; functions of the module
    that wrap these (``_tr``, ``_``).
    """
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    wrappers: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
                context = _context(call, constants)
                if context is not None and len(node.args.args) == 1:
                    wrappers[node.name] = context
    yield from _walk(tree, "MainWindow", constants, wrappers)


def _walk(
    node: ast.AST, where: str, constants: dict[str, object], wrappers: dict[str, str]
) -> Iterator[Text]:
    if isinstance(node, ast.ClassDef):
        where = node.name
    if isinstance(node, ast.Call) and node.args:
        context, text = _context(node, constants), node.args[-1]
        if context is None and isinstance(node.func, ast.Attribute) and node.func.attr == "tr":
            context, text = where, node.args[0]
        if context is None and isinstance(node.func, ast.Name):
            context = wrappers.get(node.func.id)
        if context is not None:
            for part in ast.walk(text):  # "a" if x else "b" has two
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield context, part.value
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, where, constants, wrappers)


def _context(call: ast.Call, constants: dict[str, object]) -> str | None:
    """The context of a call that names it."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in ("translate", "QT_TRANSLATE_NOOP") or len(call.args) < 2:
        return None
    first = call.args[0]
    value = first.value if isinstance(first, ast.Constant) else None
    if isinstance(first, ast.Name):
        value = constants.get(first.id)
    return value if isinstance(value, str) else None


def read(path: Path) -> dict[Text, str]:
    """The translations of a .ts file; empty for what isn't translated."""
    known: dict[Text, str] = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            source = context.findtext("name") or "", message.findtext("source") or ""
            known[source] = message.findtext("translation") or ""
    return known


def moved(known: dict[Text, str], texts: list[Text]) -> dict[Text, str]:
    """The translations, and for a string in a class of another name the one it had elsewhere."""
    elsewhere = {text: translation for (_, text), translation in known.items() if translation}
    return {source: known.get(source) or elsewhere.get(source[1], "") for source in texts}


def write(path: Path, language: str, texts: list[Text], known: dict[Text, str]) -> None:
    """A .ts file of these strings."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    for name in dict.fromkeys(context for context, _ in texts):
        context = ET.SubElement(root, "context")
        ET.SubElement(context, "name").text = name
        for source in (text for c, text in texts if c == name):
            message = ET.SubElement(context, "message")
            ET.SubElement(message, "source").text = source
            made = ET.SubElement(message, "translation")
            made.text = known.get((name, source)) or None
            if not made.text:
                made.set("type", "unfinished")
    ET.indent(root, "  ")
    body = ET.tostring(root, "unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', "utf-8")


def main() -> int:
    texts = sources()
    for path in sorted(HERE.glob("voicelanes_*.ts")):
        known = moved(read(path), texts)
        write(path, path.stem.partition("_")[2], texts, known)
        missing = sum(not known.get(text) for text in texts)
        print(f"{path.name}: {len(texts)} strings, {missing} not translated")
    lrelease = next((found for name in LRELEASE if (found := shutil.which(name))), None)
    if lrelease is None:
        print("no lrelease here (Debian: qttools5-dev-tools): the .qm files are as they were")
        return 1
    return subprocess.call([lrelease, "-silent", *map(str, sorted(HERE.glob("*.ts")))])


if __name__ == "__main__":
    sys.exit(main())
