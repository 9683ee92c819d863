"""Field text: the value of a Config's field as a text of an address, and back."""

import re
from typing import Any, cast

from nets.config import require_derived
from nets.requiring import quoted

ALL = "all"  # the batch size of updates from all examples
SAME = "seed"  # the data's seed where it is that of the weights
NUMBER = re.compile(r"\d+(\.\d*)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def as_text(name: str, value: object) -> str:
    """Write the value of the field of this name."""
    if isinstance(value, tuple):
        return "-".join(map(str, cast(tuple[object, ...], value)))
    if value is None:
        return ALL if name == "batch_size" else SAME
    return str(value)


def from_text(name: str, text: str) -> Any:
    """Read the value of the field of this name; whether it may be chosen, Config says.

    Raises:
        ValueError: if the text is of another kind; names the field, the text and what is allowed.
    """
    match name:
        case "sizes":
            return _sizes(text)
        case "derived":
            return require_derived(text.split("-") if text else ())
        case "batch_size":
            return None if text == ALL else whole(name, text)
        case "data_seed":
            return None if text == SAME else whole(name, text)
        case "examples" | "seed":
            return whole(name, text)
        case "learning_rate" | "noise" | "test_fraction" | "l1" | "l2":
            return number(name, text)
        case _:
            return text


def whole(name: str, text: str) -> int:
    """Read a whole number; raise a ValueError, which begins with the name, if it is none."""
    if not _is_whole(text):
        raise ValueError(f"{name} must be whole numbers; got {quoted(text)}.")
    return int(text)


def number(name: str, text: str) -> float:
    """Read a number that is not negative; raise a ValueError likewise."""
    if not NUMBER.fullmatch(text) or len(text) > 40:
        raise ValueError(f"{name} must be a number such as 0.1; got {quoted(text)}.")
    return float(text)


def _sizes(text: str) -> tuple[int, ...]:
    if len(text) > 100 or not all(_is_whole(size) for size in text.split("-")):
        raise ValueError(
            f"sizes must be whole numbers joined by hyphens, as in 5-3-1; got {quoted(text)}."
        )
    return tuple(map(int, text.split("-")))


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12
