"""Shortcuts that a person chose in place of those of the table of actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction

from app.actions import ACTIONS, tr
from app.preferences import Shortcuts


def keys_of(action: str, chosen: Shortcuts) -> tuple[str, ...]:
    """The keys of an action as portable text: those that were chosen, else the table's."""
    return chosen[action] if action in chosen else _table()[action]


def apply(actions: Mapping[str, QAction], chosen: Shortcuts) -> None:
    """Give every action its keys; its tooltip names them. What the table doesn't know is left."""
    for row in ACTIONS:
        action = actions[row.id]
        action.setShortcuts([_sequence(key) for key in keys_of(row.id, chosen)])
        keys = native(action)
        action.setToolTip(f"{tr(row.tip)} ({keys})" if keys else tr(row.tip))


def native(action: QAction) -> str:
    """The keys of an action as this system writes them."""
    return ", ".join(k.toString(QKeySequence.SequenceFormat.NativeText) for k in action.shortcuts())


def users(key: str, chosen: Shortcuts) -> list[str]:
    """The ids of all actions that have this key."""
    wanted = _sequence(key)
    return [row.id for row in ACTIONS if wanted in [_sequence(k) for k in keys_of(row.id, chosen)]]


def assigned(chosen: Shortcuts, action: str, keys: Iterable[str]) -> Shortcuts:
    """The choices after these keys were given to an action, and taken from all others."""
    keys = tuple(keys)
    taken = {_sequence(k).toString() for k in keys}
    after = {**chosen, action: keys}
    for row in ACTIONS:
        if row.id != action:
            had = keys_of(row.id, chosen)
            left = tuple(k for k in had if _sequence(k).toString() not in taken)
            if left != had:
                after[row.id] = left
    table = _table()
    return {name: k for name, k in after.items() if name in table and k != table[name]}


def restored(chosen: Shortcuts, action: str) -> Shortcuts:
    """The choices with the table's keys for an action; whoever has them meanwhile loses them."""
    return assigned(chosen, action, _table()[action])


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    return {row.id: row.keys for row in ACTIONS}


def _sequence(key: str) -> QKeySequence:
    return QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
