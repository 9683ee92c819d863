"""Validation: numbers as people type them, and a ValueError that names what is allowed."""

import math
import re
import struct
from collections.abc import Iterable
from fractions import Fraction

# Nobody needs to know an end of a range beyond these, except a person whose value exceeds it.
HUGE_WHOLE, HUGE, TINY = 10_000_000, 1e9, 1e-9

MAX_LENGTH = 400  # of a typed number
EXACT = 2**53  # below this, a float holds every whole number
UNSIGNED = r"(?:(?:\d{1,3}(?: \d{3})+|\d+)(?:[.,]\d*)?|[.,]\d+)(?:e[-+]?\d{1,3})?"
TYPED = re.compile(rf"([-+]?) ?({UNSIGNED})(?: ?/ ?({UNSIGNED}))?", re.ASCII | re.IGNORECASE)
# The minus sign of a text, and spaces that do not break.
ALIKE = str.maketrans("−\u00a0\u2009\u202f", "-   ")


def parse_typed_number(text: str) -> int | float | str:
    """Read a number as people type it: 0.05, 0,05, .5, 1e-3, 1/3, −2 or 10 000.

    A comma is a decimal point. A whole number without a decimal sign is an int. Text that is not a
    number is returned unchanged. So is a number that is not 0 but would become 0 as a float. A
    `require_…` function then says what is allowed.
    """
    match = TYPED.fullmatch(text.translate(ALIKE).strip()) if len(text) <= MAX_LENGTH else None
    if match is None:
        return text
    sign, *parts = match.groups(default="1")
    above, below = (Fraction(part.replace(" ", "").replace(",", ".")) for part in parts)
    if not below:
        return text
    value = above / below * (-1 if sign == "-" else 1)
    exact = "e" not in match[0].lower() or abs(value) < EXACT
    if value.denominator == 1 and exact and not re.search("[.,/]", match[0]):
        return int(value)
    try:
        number = float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    return number if number or not value else text


def format_typed_number(value: float | None) -> str:
    """Write a number so that `parse_typed_number` reads the same; None as an empty text."""
    return "" if value is None else repr(value).removesuffix(".0")


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
    far_below = low <= -HUGE  # nobody needs to know such an end either
    exceeds = number is not None and (number > high or 0 < number < low)
    exceeds = exceeds or (far_below and number is not None and number < low)
    allowed = " greater than 0" if 0 < low < TINY else "" if far_below else f", {low:g} or more"
    if high < HUGE or exceeds:
        allowed = f" from {low:g} to {high:g}"
    raise ValueError(f"{field} must be a number{allowed}; got {quote(value)}.")


def to_float32(value: float) -> float:
    """Return the shortest number that float32 rounds to the same as this one: 0.1 for 0.1000001.

    Too large for float32 becomes infinite.
    """
    exact = _rounded(value)
    texts = (f"{exact:.{digits}g}" for digits in range(1, 10))
    return next((float(text) for text in texts if _rounded(float(text)) == exact), exact)


def _rounded(value: float) -> float:
    """Round to float32."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


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
