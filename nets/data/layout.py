"""The layout of a file: where its table is among its rows, and what is above it."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from nets.data.cells import is_missing, is_number, is_value
from nets.data.table import join_names

MAX_COLUMNS = 1000
BEGINNING = 50  # rows from which the names of the columns are found
YEAR = re.compile("(1[89]|20)[0-9]{2}")
Rows = Callable[[], Iterator[tuple[int, list[str]]]]  # the number of a line, and its cells


@dataclass
class Layout:
    """Where the table is among the rows.

    Attributes:
        width: how many cells most rows have.
        names: of the columns; empty where there are none.
        first: the number of the first line of the table.
        notes: sentences on what is above the table.
    """

    width: int
    names: list[str] = field(default_factory=list[str])
    first: int = 0
    notes: list[str] = field(default_factory=list[str])


def find_layout(rows: Rows, names: bool | None, above: int) -> Layout:
    """Find the width of the table, the names of its columns, and what is above it."""
    widths = Counter(len(row) for _, row in rows())
    if not widths:
        raise ValueError("The file is empty.")
    top = max(widths.values())
    width = max(count for count in widths if widths[count] == top)
    if width > MAX_COLUMNS:
        raise ValueError(f"A table may have at most {MAX_COLUMNS} columns; got {width}.")
    beginning = [(line, [cell.strip() for cell in row]) for line, row in islice(rows(), BEGINNING)]
    start = _first_row(beginning, width)
    layout = Layout(width, first=beginning[start][0])
    fitting = [row for _, row in beginning[start:] if len(row) == width]
    title = beginning[start - 1][1] if start else []
    if names is None:
        names = has_names(fitting)
        layout.notes += _about_years(fitting)
    if names:
        layout.names = fitting[0]
        layout.first += 1
    elif _are_names(title, fitting):
        layout.names, skipped = _fit_names(title, fitting)
        layout.notes += skipped
        start -= 1
    else:
        layout.notes.append("The first row holds no names, so the columns are numbered.")
    if skipped := above + start:
        lines = "1 line" if skipped == 1 else f"{skipped} lines"
        layout.notes.insert(
            0, f"{lines} above the table {'is' if skipped == 1 else 'are'} left out."
        )
    return layout


def _first_row(beginning: list[tuple[int, list[str]]], width: int) -> int:
    """Find the first row of the table: not a title, with one cell or an empty line below it."""
    for place, (line, row) in enumerate(beginning):
        rest = [other for _, other in beginning[place + 1 :] if len(other) == width]
        alone = width > 1 and row[0] and not any(row[1:])
        apart = rest and beginning[place + 1][0] > line + 1
        is_title = (alone or apart) and _have_names_and_values(rest)
        is_title = is_title or (apart and any(map(is_value, row)) and has_names(rest))
        if len(row) == width and not is_title:
            return place
    return 0


def _have_names_and_values(rows: list[list[str]]) -> bool:
    return has_names(rows) and len(rows) > 1 and any(map(is_value, rows[1]))


def _are_names(title: list[str], rows: list[list[str]]) -> bool:
    """Say whether the row above the table names its columns, although it is longer or shorter."""
    if len(title) < 2 or not rows or any(map(is_value, title)):
        return False
    return len(title) > len(rows[0]) or len(title) == len(rows[0]) - 1


def _fit_names(title: list[str], rows: list[list[str]]) -> tuple[list[str], list[str]]:
    """Give the names to the columns, and say what is left over."""
    width = len(rows[0])
    if len(title) < width:
        trails = not any(row[-1] for row in rows)
        return ([*title, ""] if trails else ["", *title]), []
    left = join_names([f"“{name}”" for name in title[width:] if name])
    if not left:
        return title[:width], []
    note = f"There are {len(title)} names and {width} columns; {left} is left out."
    return title[:width], [note]


def has_names(rows: list[list[str]]) -> bool:
    """Say whether the first row names the columns.

    It holds no number or date, or above numbers a word or a date, or years above other numbers.
    """
    if not rows:
        return False
    first = rows[0]
    if not any(map(is_value, first)):
        return True
    titles = [not is_number(cell) and not is_missing(cell) for cell in first]
    return any(
        is_title and _mostly(is_number if is_value(first[place]) else is_value, rows, place)
        for place, is_title in enumerate(titles)
    ) or bool(_years(rows))


def _mostly(kind: Callable[[str], bool], rows: list[list[str]], place: int) -> bool:
    """Say whether more than half of the cells in a column, below the first, are of a kind."""
    below = [row[place] for row in rows[1:] if len(row) > place and not is_missing(row[place])]
    return sum(map(kind, below)) * 2 > len(below)


def _years(rows: list[list[str]]) -> list[str]:
    """Find the years in a first row that names its columns by them, such as 2019, 2020, 2021.

    There are at least two. They rise or fall in equal steps, and the numbers below are no years.
    """
    places = [place for place, cell in enumerate(rows[0]) if _is_year(cell)]
    years = [rows[0][place] for place in places]
    steps = {int(later) - int(year) for year, later in pairwise(years)}
    below = [row[place] for row in rows[1:] for place in places if place < len(row)]
    others = all(_is_year(cell) or not is_number(cell) for cell in rows[0])
    is_one = len(steps) == 1 and 0 not in steps and others and below
    return years if is_one and not any(map(_is_year, below)) else []


def _is_year(cell: str) -> bool:
    return bool(YEAR.fullmatch(cell))


def _about_years(rows: list[list[str]]) -> list[str]:
    """Say that years are taken as the names of columns."""
    years = _years(rows) if rows else []
    if not years:
        return []
    return [
        f"The years in the first row, {years[0]} to {years[-1]}, are read as column names. If they "
        "are data, choose “data” for the first row."
    ]


def take_rows(rows: Rows, layout: Layout, max_rows: int) -> tuple[list[list[str]], list[str]]:
    """Take the rows that are as wide as the table, or a sample of them."""
    odd: list[int] = []
    count = 0
    for line, row in rows():
        if line < layout.first:
            continue
        if _fit(row, layout.width) is None:
            odd.append(line)
        else:
            count += 1
    notes: list[str] = []
    if odd:
        has, lines = ("row has", "line") if len(odd) == 1 else ("rows have", "lines")
        notes.append(
            f"{len(odd):,} {has} another number of cells than the table, which has "
            f"{layout.width}; left out: {lines} {join_names(list(map(str, odd)), 5)}."
        )
    kept = min(count, max_rows)
    if kept < count:
        notes.append(f"{max_rows:,} of {count:,} rows are taken, drawn from the whole file.")
    # Every tenth row may be of the same class; the first rows often are.
    drawn = set(random.Random(0).sample(range(count), kept))
    fitting = (
        cells
        for line, row in rows()
        if line >= layout.first and (cells := _fit(row, layout.width)) is not None
    )
    return [row for place, row in enumerate(fitting) if place in drawn], notes


def _fit(row: list[str], width: int) -> list[str] | None:
    """Return a row with its empty cells at the end added or cut; None where it does not fit."""
    if len(row) == width:
        return row
    if len(row) > width:
        return None if any(cell.strip() for cell in row[width:]) else row[:width]
    return None if row[-1].strip() else row + [""] * (width - len(row))
