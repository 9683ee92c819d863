"""Events: what the browser sends, parsed into typed values or dropped with a line in the log.

Nothing that the browser sends is trusted: anybody can send anything instead.
"""

import logging
from collections.abc import Mapping
from typing import NamedTuple, cast

LONGEST_NAME = 40  # of a weight, bias or neuron
LARGEST = 2**53  # the largest whole number that a browser counts to

_log = logging.getLogger(__name__)


class More(NamedTuple):
    """The browser asks the server to continue.

    Attributes:
        received: the number of the last message that arrived.
        shown: the epoch on show; None before the first.
    """

    received: int
    shown: int | None


def parse_more(sent: object) -> More | None:
    """Parse a question for more: {"received": whole number, "shown": whole number or null}."""
    if not isinstance(sent, Mapping):
        return _dropped("more", sent)
    question = cast(Mapping[object, object], sent)
    received, shown = question.get("received"), question.get("shown")
    if not _is_count(received) or not (shown is None or _is_count(shown)):
        return _dropped("more", sent)
    return More(cast(int, received), cast(int | None, shown))


def parse_epoch(sent: object) -> int | None:
    """Parse the number of an epoch."""
    return cast(int, sent) if _is_count(sent) else _dropped("epoch", sent)


def parse_name(sent: object) -> str | None:
    """Parse the name of a weight, a bias or a neuron."""
    if isinstance(sent, str) and len(sent) <= LONGEST_NAME:
        return sent
    return _dropped("name", sent)


def parse_way(sent: object) -> int | None:
    """Parse a way to go: 1 is forwards, -1 is backwards."""
    if isinstance(sent, int) and not isinstance(sent, bool) and abs(sent) == 1:
        return sent
    return _dropped("way", sent)


def parse_flag(sent: object) -> bool | None:
    """Parse a yes or no."""
    return sent if isinstance(sent, bool) else _dropped("flag", sent)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _dropped(kind: str, sent: object) -> None:
    """Log that something was dropped; it may be of any size, so only its type is written."""
    _log.warning("Dropped an event from the browser: no %s, but a %s.", kind, type(sent).__name__)
