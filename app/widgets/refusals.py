"""What isn't possible is told to the person, not raised into the event loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from core.errors import EditError

P = ParamSpec("P")
S = TypeVar("S", bound=Any)


def told(method: Callable[Concatenate[S, P], None]) -> Callable[Concatenate[S, P], None]:
    """An EditError that the method raises is shown by the ``notices`` of its object."""

    @wraps(method)
    def telling(self: S, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            method(self, *args, **kwargs)
        except EditError as error:
            self.notices.show_error(error)

    return telling
