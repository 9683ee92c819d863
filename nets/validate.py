"""Validation: raise a ValueError that names the field, the value and what is allowed."""

from collections.abc import Iterable

# Nobody needs to know an end of a range beyond these, except a person whose value exceeds it.
HUGE_WHOLE, HUGE, TINY = 10_000_000, 1e9, 1e-9


def require_whole(field: str, value: object, low: int, high: int) -> None:
    """Raise a ValueError unless the value is a whole number from low to high."""
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    if number is not None and low <= number <= high:
        return
    exceeds = number is not None and number > high
    allowed = f" from {low} to {high}" if high < HUGE_WHOLE or exceeds else f", {low} or more"
    raise ValueError(f"{field} must be a whole number{allowed}; got {quote(value)}.")


def require_number(field: str, value: object, low: float, high: float) -> float:
    """Return the value as a float; raise a ValueError unless it is a number from low to high."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is not None and low <= number <= high:
        return float(number)
    exceeds = number is not None and (number > high or 0 < number < low)
    allowed = " greater than 0" if 0 < low < TINY else f", {low:g} or more"
    if high < HUGE or exceeds:
        allowed = f" from {low:g} to {high:g}"
    raise ValueError(f"{field} must be a number{allowed}; got {quote(value)}.")


def require_choice(field: str, value: object, choices: Iterable[str]) -> None:
    """Raise a ValueError unless the value is one of the choices."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{field} must be one of {', '.join(choices)}; got {quote(value)}.")


def quote(value: object) -> str:
    """Write a value for a message; a long one is cut."""
    if isinstance(value, str) and len(value) > 40:
        value = value[:40] + "…"
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "…"
