"""Dates: cells become days since 1970, however programs and people in Europe write a date."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, cast

ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FULL = "january february march april may june july august september october november december"
# No two of these languages give a month the same name as another month has in one of them.
LANGUAGES = "de de_AT fr es it nl pt da nb sv fi pl cs sk sl ro"
DATE = re.compile(
    r"([0-9]{1,4}[-/.][0-9]{1,4}([-/.][0-9]{1,4})?"
    r"|([0-9]{1,2}(\. ?|-| (de )?))?(?P<month>[^\W\d_]{3,})\.?([-, ]| de )[0-9]{1,4}(, [0-9]{4})?"
    r")([T ][0-9]{1,2}:[0-9]{2}.*)?",
    re.IGNORECASE,
)
MONTH = re.compile(r"(?: de )?([^\W\d_]{3,})\.?(?: de )?")
ISO = "ISO8601"
FORMATS = (
    *(ISO, "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%Y", "%d.%m.%y"),
    *("%d-%m-%Y", "%m-%d-%Y", "%m/%Y", "%m.%Y", "%b-%y", "%b-%Y", "%b %Y", "%b %y", "%b %d, %Y"),
    *("%d %b %Y", "%d %b %y", "%d. %b %Y", "%d. %b %y", "%d.%b %Y", "%d-%b-%Y", "%d-%b-%y"),
)
TIMES = ("", " %H:%M", " %H:%M:%S")
ALL_FORMATS = (ISO, *(form + time for form in FORMATS[1:] for time in TIMES))


def is_date(cell: str) -> bool:
    """Say whether a cell is written as dates are, with a number or a name for the month."""
    match = DATE.fullmatch(cell)
    return bool(match) and (match["month"] is None or _month(match["month"]) is not None)


def days_of(cells: Sequence[str], form: str) -> list[float]:
    """Read dates of one format as days since 1970; NaN for what is no such date."""
    import pandas as library  # pyright: ignore[reportMissingTypeStubs]

    pandas = cast(Any, library)
    if "%b" in form:
        english = {cell: _in_english(cell) for cell in set(cells)}
        cells = [english[cell] for cell in cells]
    dates = pandas.to_datetime(
        pandas.Series(cells, dtype="object"), format=form, errors="coerce", utc=True
    )
    days = (dates - pandas.Timestamp(0, tz="UTC")) / pandas.Timedelta(days=1)
    return cast(list[float], days.tolist())


def _in_english(cell: str) -> str:
    """Write the first month that is named in a cell as pandas reads it: 3. Mar 2024."""

    def name(match: re.Match[str]) -> str:
        month = _month(match[1])
        if month is None:
            return match[0]
        before, after = (" " if match[0].startswith(" ") else ""), match[0].endswith(" ")
        return f"{before}{ENGLISH[month - 1]}{' ' if after else ''}"

    return MONTH.sub(name, cell, count=1)


def _month(word: str) -> int | None:
    """Return the number of a month by its name; None if it is none."""
    word = word.lower()
    known = _english_months().get(word)
    return known or _foreign_months().get(word)


@cache
def _english_months() -> dict[str, int]:
    names = {name: place for place, name in enumerate(FULL.split(), start=1)}
    return names | {name[:3]: place for name, place in names.items()} | {"sept": 9}


@cache
def _foreign_months() -> dict[str, int]:
    """Name the months in other languages, in full and short, in each grammatical case."""
    from babel.dates import get_month_names

    found = {"mrz": 3}  # as Excel shortens the German name
    for language in LANGUAGES.split():
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names = cast(dict[int, str], dict(get_month_names(width, context, language)))
                found |= {name.lower().rstrip("."): place for place, name in names.items()}
    return found
