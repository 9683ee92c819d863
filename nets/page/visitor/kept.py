"""Kept: results that take long are computed once, and kept for the visit while they are true."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import streamlit as st

T = TypeVar("T")
MOST_REFUSALS = 8  # that are kept for a key, besides one result


class Kept(NamedTuple):
    """A result, or the sentence that says why there is none, and what it was computed from.

    An error is kept as a sentence, because an exception keeps all its local variables in memory.
    """

    of: object
    result: Any = None
    wrong: str | None = None


def store() -> dict[str, list[Kept]]:
    """Return everything that is kept for this visitor, by key, the newest last."""
    return st.session_state.setdefault("kept", {})


def forget(key: str) -> None:
    """Forget what is kept for a key."""
    store().pop(key, None)


def kept(key: str, of: object, compute: Callable[[], T]) -> T:
    """Compute something, or return what an earlier call with this key and an equal `of` gave.

    The last result is kept, and the last few refusals, which are short.

    Raises:
        ValueError: if `compute` does, or did for an equal `of`.
    """
    known = store().get(key, [])
    found = next((each for each in known if each.of == of), None)
    if found is None:
        try:
            found = Kept(of, compute())
        except ValueError as error:
            found = Kept(of, wrong=str(error))
        refusals = [each for each in known if each.wrong is not None]
        store()[key] = [*refusals[-MOST_REFUSALS:], found]
    if found.wrong is not None:
        raise ValueError(found.wrong)
    return found.result
