"""Cells: how a column of a file writes its numbers and dates, decided for the whole column."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from nets.data.dates import ALL_FORMATS, ISO, days_of, is_date

NAN = float("nan")
LARGEST = 1e100  # beyond this, squares soon exceed what a double can hold
MISSING_WORDS = {"", "na", "n/a", "nan", "null", "?", "#n/a", "#na"}
MISSING = MISSING_WORDS | {"none", "-", "–", "—", "."}  # in a column of numbers or dates
SHARE_OF_NUMBERS, SHARE_OF_DATES = 0.7, 0.9  # of the cells, for a column to be one of these
POINT, COMMA = ".", ","

PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
CURRENCY = r"[$€£¥₹]|USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|CZK|CNY|INR|Fr\.|kr\.?|zł|Kč"
SIGNED = re.compile(
    rf"(?P<minus>[-+]?) ?(?:(?P<before>{CURRENCY}) ?)?(?P<body>[-+]?[\d.,][\d.,' ]*(?:e[-+]?\d+)?)"
    rf" ?(?P<after>%|{CURRENCY})?",
    re.ASCII | re.IGNORECASE,
)
ALIKE = str.maketrans({"−": "-", "’": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "})


def _numbers_with(decimal: str) -> re.Pattern[str]:
    """Match numbers with this decimal sign, with or without a sign between thousands."""
    other = re.escape(COMMA if decimal == POINT else POINT)
    grouped = "|".join(rf"[1-9]\d{{0,2}}(?:{gap}\d{{3}})+" for gap in (other, " ", "'"))
    sign, digits = re.escape(decimal), r"\d*" if decimal == POINT else r"\d+"
    return re.compile(
        rf"[-+]?(?:(?:\d+|{grouped})(?:{sign}{digits})?|{sign}\d+)(?:e[-+]?\d+)?",
        re.ASCII | re.IGNORECASE,
    )


NUMBERS = {decimal: _numbers_with(decimal) for decimal in (POINT, COMMA)}


class Reading(NamedTuple):
    """A column read as numbers or dates.

    Attributes:
        values: a number for each cell, for a date the days since 1970; NaN where there is none.
        form: the decimal sign, or the format of the dates; "" for words.
        other_form: another form that would read all cells, as other numbers, if there is one.
        example: a cell whose value depends on the form.
    """

    values: list[float]
    form: str = ""
    other_form: str = ""
    example: str = ""

    @property
    def is_date(self) -> bool:
        """Whether the values are days."""
        return self.form not in ("", POINT, COMMA)


def is_missing(cell: str) -> bool:
    """Say whether a cell of a column of numbers or dates says that there is no value."""
    return cell.lower() in MISSING


def is_value(cell: str) -> bool:
    """Say whether a cell can be read as a number or a date."""
    return is_number(cell) or is_date(cell)


def is_number(cell: str) -> bool:
    """Say whether a cell can be read as a number."""
    return any(parse_number(cell, form) == parse_number(cell, form) for form in NUMBERS)


def parse_number(cell: str, decimal: str = POINT) -> float:
    """Read a number with a currency, a per cent sign or thousands; NaN if the cell is none."""
    if PLAIN.fullmatch(cell) and (decimal == POINT or cell.isdigit()):
        return _within_range(float(cell))
    match = SIGNED.fullmatch(cell.translate(ALIKE))
    if not match or not NUMBERS[decimal].fullmatch(match["body"].rstrip()):
        return NAN
    body = match["body"].rstrip().replace(" ", "").replace("'", "")
    body = body.replace(COMMA if decimal == POINT else POINT, "").replace(decimal, POINT)
    minus = match["minus"] == "-"
    if match["minus"] and body[0] in "-+":
        return NAN
    if match["after"] == "%":
        body += "e-2" if "e" not in body.lower() else ""
    return _within_range(-float(body) if minus else float(body))


def _within_range(value: float) -> float:
    return value if abs(value) <= LARGEST else NAN


def read_cells(cells: Sequence[str], usual: str = "") -> Reading:
    """Decide how a column writes its values, from all its cells, and read them.

    Args:
        cells: without spaces around them.
        usual: the form that decides where several read all cells.
    """
    written = {cell for cell in cells if not is_missing(cell)}
    count = sum(cell in written for cell in cells)
    numbers = _read_numbers(cells, written, usual)
    if count and _filled(numbers.values) >= SHARE_OF_NUMBERS * count:
        return numbers
    if count and sum(map(is_date, cells)) >= SHARE_OF_DATES * count:
        dates = _read_dates(cells, written, usual)
        if _filled(dates.values) >= SHARE_OF_DATES * count:
            return dates
    return Reading([NAN] * len(cells))


def _filled(values: Iterable[float]) -> int:
    return sum(value == value for value in values)


def _read_numbers(cells: Sequence[str], written: set[str], usual: str) -> Reading:
    if all(map(PLAIN.fullmatch, written)) and not any(POINT in cell for cell in written):
        return Reading(_each(cells, parse_number), usual if usual in NUMBERS else POINT)
    found = {form: _each(cells, lambda cell, f=form: parse_number(cell, f)) for form in NUMBERS}
    return _choose(cells, found, usual)


def _choose(cells: Sequence[str], found: dict[str, list[float]], usual: str) -> Reading:
    """Choose the form that reads most cells; of equal ones the usual, else the first."""
    counts = {form: _filled(values) for form, values in found.items()}
    best = [form for form in found if counts[form] == max(counts.values())]
    form = usual if usual in best else best[0]
    for other in best:
        for cell, value, meant in zip(cells, found[form], found[other], strict=True):
            if value != meant and value == value:
                return Reading(found[form], form, other, cell)
    return Reading(found[form], form)


def _read_dates(cells: Sequence[str], written: set[str], usual: str) -> Reading:
    """Read dates as days since 1970, by the format that reads most cells."""
    sample = sorted(written)[:5]
    likely = [form for form in ALL_FORMATS if _filled(days_of(sample, form))] or [ISO]
    return _choose(cells, {form: days_of(cells, form) for form in likely}, usual)


def write_own(value: float) -> str:
    """Write a number in a column's own units, with six digits or all of a large whole number."""
    return f"{value:.0f}" if 1e5 <= abs(value) < 1e15 else f"{value:.6g}"


def read_again(cells: Sequence[str], form: str) -> list[float]:
    """Read cells by a form that is known."""
    if form in NUMBERS:
        return _each(cells, lambda cell: parse_number(cell, form))
    return days_of(cells, form)


def _each(cells: Sequence[str], read: Callable[[str], float]) -> list[float]:
    """Read every cell; equal cells are read once."""
    values = {cell: read(cell) for cell in set(cells)}
    return [values[cell] for cell in cells]
