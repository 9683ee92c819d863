"""Reading files: a CSV or Excel file becomes a table, or a sentence says why it cannot."""

import datetime
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, cast

from nets.data.cells import COMMA, NUMBERS, PLAIN, POINT, is_missing, parse_number
from nets.data.layout import Rows, find_layout, take_rows
from nets.data.table import Column, Table, join_names
from nets.data.text import DELIMITERS, Text, open_text

MAX_NOTES = 4  # on columns
WIDTH_ROWS = 1000  # in which a text that has only one column shows it
MAX_ROWS = 10_000  # of a longer file, as many are drawn
DECIMAL_COMMA = re.compile(r"[-+−]?\d*,\d+(e[-+]?\d+)?", re.IGNORECASE)
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read(
    content: bytes, *, names: bool | None = None, max_rows: int = MAX_ROWS, sheet: str | None = None
) -> Table:
    """Read a CSV or an Excel file.

    Args:
        content: the file.
        names: whether the first row holds the names of the columns; None to find out.
        max_rows: of a longer file, this many rows are drawn, the same ones every time.
        sheet: of an Excel file; None for the first one.

    Raises:
        ValueError: if it is no table; says what it seems to be and what to do.
    """
    if content.startswith((ZIP, OLD_OFFICE)):
        sheets, chosen, rows = _open_excel(content, sheet)
        others = f" of {len(sheets)} sheets" if len(sheets) > 1 else ""
        notes = (f"Sheet “{chosen}”{others}.",)
        table = _table(lambda: iter(rows), names, max_rows, notes, POINT)
        return replace(table, sheets=sheets)
    text = open_text(content)
    usual = POINT if text.delimiter == "," else ""
    return _table(text.rows, names, max_rows, _about(text), usual, above=len(text.comments))


def _about(text: Text) -> tuple[str, ...]:
    """Say how the cells of a text are divided."""
    width = Counter(len(row) for _, row in islice(text.rows(), WIDTH_ROWS)).most_common(1)
    if width and width[0][0] == 1:
        return (*text.notes, "Only one column was found; columns are divided by , ; | or tabs.")
    name = DELIMITERS.get(text.delimiter, text.delimiter)
    return (f"Columns are divided by {name}.", *text.notes)


def _open_excel(
    content: bytes, sheet: str | None
) -> tuple[tuple[str, ...], str, list[tuple[int, list[str]]]]:
    """Open an Excel file: the names of its sheets, the chosen one, and the rows of that."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = tuple(book.sheet_names)
        if sheet is not None and sheet not in sheets:
            raise ValueError(f"There is no sheet “{sheet}”; there are {join_names(sheets)}.")
        chosen = sheet or sheets[0]
        cells = cast(
            list[list[Any]], book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
        )
    except CalamineError:
        raise ValueError(
            "This is a packed file, not a table: unpack it, or save the table as CSV or as .xlsx."
        ) from None
    rows = [(line, [_as_text(cell) for cell in row]) for line, row in enumerate(cells, start=1)]
    return sheets, chosen, [(line, row) for line, row in rows if any(row)]


def _as_text(cell: Any) -> str:
    """Write a cell of Excel as a text file would hold it."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell).strip()


def _table(
    rows: Rows,
    names: bool | None,
    max_rows: int,
    notes: Sequence[str],
    usual: str,
    above: int = 0,
) -> Table:
    """Find the table among the rows of a file, and read its columns."""
    layout = find_layout(rows, names, above)
    taken, more = take_rows(rows, layout, max_rows)
    if not taken:
        raise ValueError(
            " ".join(["There are column names, but no rows of the same width.", *more])
            if more
            else "There are column names, but no rows below them."
        )
    table = make_table(layout.names or [""] * layout.width, taken, usual)
    return replace(table, notes=(*notes, *layout.notes, *more, *table.notes))


def make_table(names: Sequence[str], rows: Sequence[Sequence[str]], usual: str = "") -> Table:
    """Make a table of rows of cells; columns without values are left out.

    Args:
        names: of the columns.
        rows: as long as the names.
        usual: the decimal sign, where the cells leave it open.

    Raises:
        ValueError: if no column holds a value.
    """
    table = Table.of(names, rows)
    filled, empty = _without_empty(table)
    if not filled:
        raise ValueError("There are rows and no value in any of them.")
    columns, notes = _read_columns(filled, usual)
    return Table(columns, (*empty, *notes))


def _without_empty(table: Table) -> tuple[list[Column], list[str]]:
    """Leave out columns that hold no value, and say so."""
    filled = [column for column in table.columns if not all(map(is_missing, column.cells))]
    left = [column.name for column in table.columns if column not in filled]
    if not left:
        return filled, []
    names = join_names([f"“{name}”" for name in left])
    return filled, [f"{names} {'is' if len(left) == 1 else 'are'} empty: left out."]


def _read_columns(columns: list[Column], usual: str) -> tuple[tuple[Column, ...], list[str]]:
    """Read columns that are ambiguous as the others of the file are written; say how."""
    signs = {column.reading.form for column in columns if _shows_sign(column)}
    decided = signs.pop() if len(signs) == 1 else usual
    read: list[Column] = []
    for column in columns:
        if column.reading.other_form in NUMBERS:
            example = column.reading.example
            own = COMMA if COMMA in example and POINT not in example else POINT
            column = replace(column, usual=decided or own)
            if decided and (signs or decided in example):
                column = replace(column, known=column.reading._replace(other_form=""))
        read.append(column)
    return tuple(read), about_columns(read)


def _shows_sign(column: Column) -> bool:
    """Say whether the cells show what the decimal sign is."""
    reading = column.reading
    if reading.form not in NUMBERS or reading.other_form:
        return False
    return any(sign in cell for cell in set(column.cells) for sign in NUMBERS)


def about_columns(columns: Sequence[Column]) -> list[str]:
    """Say how numbers and dates are read that are not plain numbers."""
    notes: list[str] = []
    special: list[str] = []
    for column in columns:
        if column.reading.is_date:
            special.append(_about_dates(column))
        elif cell := (column.reading.other_form and column.reading.example) or _special(column):
            special.append(_about_cell(column, cell))
        if column.reading.form == COMMA and any(map(DECIMAL_COMMA.fullmatch, column.cells)):
            notes = ["A comma is read as a decimal point: 1,5 is 1.5."]
    if len(special) > MAX_NOTES:
        more = len(special) - MAX_NOTES
        special = [*special[:MAX_NOTES], f"{more} other columns are read in the same way."]
    return [*notes, *special]


def _special(column: Column) -> str:
    """Find a cell that is a number, but not one as a calculator writes it; "" if there is none."""
    if not column.is_number:
        return ""
    pairs = zip(column.cells, column.reading.values, strict=True)
    comma = column.reading.form == COMMA
    return next(
        (
            cell
            for cell, value in pairs
            if value == value
            and not (
                DECIMAL_COMMA.fullmatch(cell) if comma and COMMA in cell else PLAIN.fullmatch(cell)
            )
        ),
        "",
    )


def _about_cell(column: Column, cell: str) -> str:
    """Say how a cell is read, and how it could be read, too."""
    place = column.cells.index(cell)
    other = ""
    if column.reading.other_form:
        meant = parse_number(cell, column.reading.other_form)
        other = f"; it could also mean {meant:.15g}"
    value = column.reading.values[place]
    return f"In “{column.name}”, {cell} is read as {value:.15g}{other}."


def _about_dates(column: Column) -> str:
    """Say that dates become days, and what is taken for day and month where that is open."""
    pairs = zip(column.cells, column.reading.values, strict=True)
    cell, day = next((cell, day) for cell, day in pairs if day == day)
    other = ""
    if column.reading.other_form:
        cell = column.reading.example
        day = column.reading.values[column.cells.index(cell)]
        other = " (day and month could also be exchanged)"
    date = (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat()
    meaning = "" if date == cell else f"{date}{other}, "
    return (
        f"“{column.name}” holds dates, which become days since 1970: "
        f"{cell} is {meaning}day {day:.15g}."
    )
