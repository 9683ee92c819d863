"""Events: what the browser sends, parsed into typed values or dropped with a line in the log.

Nothing that the browser sends is trusted: anybody can send anything instead.
"""

import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import (
    WidgetMetadata,
    unpack_widget_state_value,
    user_key_from_element_id,
)

LONGEST_NAME = 40  # of a weight, bias or neuron
LONGEST_ADDRESS = 100_000  # letters
LARGEST = 2**53  # the largest whole number that a browser counts to
NUMBERS = {"double_value", "int_value"}  # kinds that a field for numbers may send

_log = logging.getLogger(__name__)


class More(NamedTuple):
    """The browser asks the server to continue.

    Attributes:
        received: the number of the last message that arrived.
        shown: the epoch on show; None before the first.
    """

    received: int
    shown: int | None


class Setting(NamedTuple):
    """A weight or a bias is dragged.

    Attributes:
        name: of the parameter, by the code.
        value: that it is to have.
        joined: whether this belongs to the drag that has set the value before.
    """

    name: str
    value: float
    joined: bool


class Scrub(NamedTuple):
    """Show an epoch; `end` says whether the person has let go of the slider."""

    epoch: int
    end: bool


class Dropped(ValueError):
    """A value from the browser that its widget cannot have."""


def parse_value(metadata: WidgetMetadata[Any] | None, state: WidgetState) -> Any:
    """Return the value of a widget as the script will know it.

    Raises:
        Dropped: if there is no such widget, or it cannot have this value.
    """
    if metadata is None:
        raise Dropped("an unknown widget")
    kind, declared = state.WhichOneof("value"), metadata.value_type
    if kind and declared and kind != declared and {kind, declared} != NUMBERS:
        raise Dropped(f"{kind} in {user_key_from_element_id(state.id)}")
    try:
        raw = unpack_widget_state_value(state)
        value = metadata.deserializer(raw)
        offered = metadata.formatted_options
        if offered is not None and raw is not None:
            wanted = [raw] if isinstance(raw, str) else raw
            fits = all(one in offered for one in wanted)
        else:
            fits = not isinstance(value, float) or math.isfinite(value)
    except Exception:  # Streamlit's deserializers raise errors of many kinds
        fits, value = False, None
    if not fits:
        raise Dropped(f"a {kind} in {user_key_from_element_id(state.id)}")
    return value


def parse_more(sent: object) -> More | None:
    """Parse a question for more: {"received": whole number, "shown": whole number or null}."""
    if not isinstance(sent, Mapping):
        return _dropped("more", sent)
    question = cast(Mapping[object, object], sent)
    received, shown = question.get("received"), question.get("shown")
    if not _is_count(received) or not (shown is None or _is_count(shown)):
        return _dropped("more", sent)
    return More(cast(int, received), cast(int | None, shown))


def parse_scrub(sent: object) -> Scrub | None:
    """Parse a wish for an epoch: {"epoch": whole number, "end": yes or no}."""
    if not isinstance(sent, Mapping):
        return _dropped("scrub", sent)
    wish = cast(Mapping[object, object], sent)
    epoch, end = wish.get("epoch"), wish.get("end")
    if not (_is_count(epoch) and isinstance(end, bool)):
        return _dropped("scrub", sent)
    return Scrub(cast(int, epoch), end)


def parse_epoch(sent: object) -> int | None:
    """Parse the number of an epoch."""
    return cast(int, sent) if _is_count(sent) else _dropped("epoch", sent)


def parse_name(sent: object) -> str | None:
    """Parse the name of a weight, a bias or a neuron."""
    if isinstance(sent, str) and len(sent) <= LONGEST_NAME:
        return sent
    return _dropped("name", sent)


def parse_search(sent: object) -> str | None:
    """Parse the query string of an address."""
    if isinstance(sent, str) and len(sent) <= LONGEST_ADDRESS:
        return sent
    return _dropped("address", sent)


def parse_setting(sent: object) -> Setting | None:
    """Parse a value that is set: {"name": text, "value": number, "joined": yes or no}."""
    if not isinstance(sent, Mapping):
        return _dropped("setting", sent)
    setting = cast(Mapping[object, object], sent)
    name, value, joined = (setting.get(key) for key in Setting._fields)
    is_name = isinstance(name, str) and len(name) <= LONGEST_NAME
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_name and is_number and isinstance(joined, bool)):
        return _dropped("setting", sent)
    return Setting(cast(str, name), cast(float, value), joined)


def parse_way(sent: object) -> int | None:
    """Parse a way to go: 1 is forwards, -1 is backwards."""
    if isinstance(sent, int) and not isinstance(sent, bool) and abs(sent) == 1:
        return sent
    return _dropped("way", sent)


def parse_flag(sent: object) -> bool | None:
    """Parse a yes or no."""
    return sent if isinstance(sent, bool) else _dropped("flag", sent)


def parse_drawing(sent: object, pixels: int) -> list[float] | None:
    """Parse this number of pixels, each brought into 0 (paper) to 1 (ink)."""
    values = cast(list[object], sent) if isinstance(sent, list) else []
    numbers = [each for each in values if isinstance(each, int | float) and 0 <= abs(each) <= 1e9]
    if not len(values) == len(numbers) == pixels:
        return _dropped("drawing", sent)
    return [min(max(float(each), 0.0), 1.0) for each in numbers]


def are_edits(sent: object, columns: Sequence[str], rows: int) -> bool:
    """Whether these are edits of a table with these columns, and this many rows to begin with."""
    edits = cast(Mapping[str, Any], sent)
    try:
        in_rows = {*edits["edited_rows"], *edits["deleted_rows"]} <= {*range(rows)}
        cells = [*edits["edited_rows"].values(), *edits["added_rows"]]
        fits = in_rows and all({*row} <= {*columns} for row in cells)
        fits = fits and all(isinstance(row, dict) for row in cells)
        fits = fits and all(
            cell is None or isinstance(cell, str) for row in cells for cell in row.values()
        )
    except (AttributeError, KeyError, TypeError):
        fits = False
    if not fits:
        _dropped("edits", sent)
    return fits


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _dropped(kind: str, sent: object) -> None:
    """Log that something was dropped; it may be of any size, so only its type is written."""
    _log.warning("Dropped an event from the browser: no %s, but a %s.", kind, type(sent).__name__)
