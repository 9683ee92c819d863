"""Requiring: a value is of its kind and in its range, or a sentence says what it should be."""

from collections.abc import Iterable
from typing import cast


def require_whole(field: str, value: object, low: int, high: int) -> None:
    """Raise a ValueError unless the value is a whole number from low to high."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(
            f"{field} must be a whole number from {low} to {high}; got {quoted(value)}."
        )


def require_choice(field: str, value: object, choices: Iterable[str]) -> None:
    """Raise a ValueError unless the value is one of the choices."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{field} must be one of {', '.join(choices)}; got {quoted(value)}.")


def require_number(field: str, value: object, low: float, high: float) -> float:
    """Return the value; raise a ValueError unless it is a number from low to high."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= cast(float, value) <= high:
        raise ValueError(f"{field} must be a number from {low:g} to {high:g}; got {quoted(value)}.")
    return float(cast(float, value))


def quoted(value: object) -> str:
    """Write a value for a message, cut where it is long."""
    if isinstance(value, str) and len(value) > 40:
        value = value[:40] + "…"
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "…"
