"""Delimited text: the bytes of a CSV file as a table, or a sentence on why they are none."""

import csv
import io
import random
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from nets.data.table import Table, is_missing, is_number

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "|"}
SAMPLE = 50  # rows from which the delimiter and the names are understood
MOST_COLUMNS = 1000


def read(content: bytes, *, names: bool | None = None, most_rows: int = 100_000) -> Table:
    """Read a CSV file: its encoding, delimiter and decimal sign are understood from what it says.

    Args:
        content: the file.
        names: whether the first row holds names; None to find out.
        most_rows: of a longer file this number of rows is drawn, always the same ones.

    Raises:
        ValueError: if it is no table; says what it seems to be and what to do.
    """
    text, notes = decoded(content)
    try:
        return _table(text, notes, names, most_rows)
    except csv.Error:
        raise ValueError(
            "The file cannot be read as a table: some cell is very long. Is there a quotation "
            "mark without its partner?"
        ) from None


def _table(text: str, notes: list[str], names: bool | None, most_rows: int) -> Table:
    lines = text.splitlines()
    delimiter = delimiter_of(lines)
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        delimiter, text = lines[0][4], text.split("\n", 1)[-1]
    first = next(_rows(text, delimiter), None)
    if first is None:
        raise ValueError("The file is empty.")
    if len(first) > MOST_COLUMNS:
        raise ValueError(f"A table may have {MOST_COLUMNS} columns at the most; got {len(first)}.")
    if names is None:
        names = has_names(list(islice(_rows(text, delimiter), SAMPLE)))
    if not names:
        notes.append("The first row holds no names, so the columns are numbered.")
    rows = _sampled(text, delimiter, len(first), int(names), most_rows, notes)
    if not rows:
        raise ValueError("There are names of columns and no rows below them.")
    comma = delimiter != ","
    if comma and any(
        "," in cell and is_number(cell, comma) for row in rows[:SAMPLE] for cell in row
    ):
        notes.append("A comma is read as a decimal point: 1,5 is 1.5.")
    if len(first) > 1:
        notes.insert(0, f"Columns are divided by {DELIMITERS.get(delimiter, delimiter)}.")
    else:
        notes.append("Only one column was found; columns are divided by , ; | or tabs.")
    heads = first if names else [""] * len(first)
    return Table.of(heads, rows, comma=comma, notes=notes)


def delimiter_of(lines: list[str]) -> str:
    """Find what divides the columns: what gives the most rows of one length, more than 1.

    Where several do, that which gives more numbers: 1,5;2,5 has two columns and no three.
    """

    def merit(delimiter: str) -> tuple[float, float]:
        rows = list(islice(_rows("\n".join(sample), delimiter), SAMPLE))
        lengths = Counter(map(len, rows))
        if not rows or lengths.most_common(1)[0][0] == 1:
            return 0, 0
        cells = [cell.strip() for row in rows for cell in row]
        numbers = sum(is_number(cell, delimiter != ",") for cell in cells)
        understood = numbers + sum(map(is_missing, cells))
        return lengths.most_common(1)[0][1] / len(rows), understood / len(cells)

    sample = lines[:SAMPLE]
    try:
        return max(DELIMITERS, key=merit)
    except csv.Error:
        return ","


def has_names(rows: list[list[str]]) -> bool:
    """Say whether the first row names the columns: it holds no number, or above numbers a word."""
    first, *rest = ([cell.strip() for cell in row] for row in rows)
    are_numbers = [is_number(cell, True) for cell in first]
    if not any(are_numbers):
        return True
    for place, is_one in enumerate(are_numbers):
        below = [row[place] for row in rest if len(row) > place and not is_missing(row[place])]
        if not is_one and below and not is_missing(first[place]):
            numbers = sum(is_number(cell, True) for cell in below)
            if numbers * 2 > len(below):
                return True
    return False


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Read rows, without those that are empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return (row for row in reader if any(cell.strip() for cell in row))


def _sampled(
    text: str, delimiter: str, width: int, heads: int, most: int, notes: list[str]
) -> list[list[str]]:
    """Take the rows that are as wide as the first, or a sample of them."""
    lengths = Counter(map(len, _rows(text, delimiter)))
    count, uneven = lengths[width] - heads, lengths.total() - lengths[width]
    if uneven:
        notes.append(
            f"{uneven} {'row has' if uneven == 1 else 'rows have'} another number of cells than "
            f"the first, which has {width}; left out."
        )
    kept = min(count, most)
    if kept < count:
        notes.append(f"{most:,} of {count:,} rows are taken, drawn from the whole file.")
    # Every tenth row, say, may all be of one class; the first ones often are.
    drawn = set(random.Random(0).sample(range(count), kept))
    fitting = (row for row in _rows(text, delimiter) if len(row) == width)
    return [row for place, row in enumerate(fitting, start=-heads) if place in drawn]


# How files that are not text begin, and what they are.
OTHER_FILES = {
    b"PK\x03\x04": "an Excel or another packed file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a packed file",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
WEB_PAGE = ("<!doctype html", "<html")
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decoded(content: bytes) -> tuple[str, list[str]]:
    """Decode text in UTF-8, UTF-16 or Windows-1252, and say so where it was not the first."""
    for beginning, what in OTHER_FILES.items():
        if content.startswith(beginning):
            raise ValueError(
                f"This is {what}, not text: in the program it comes from, save it as CSV."
            )
    encoding = next((code for mark, code in MARKS.items() if content.startswith(mark)), None)
    encoding = encoding or _unmarked(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError(
            "The file is not text in UTF-8, UTF-16 or Windows-1252: save it as CSV in UTF-8."
        ) from None
    if "\0" in text:
        raise ValueError("The file is not text: it holds zero bytes. Save it as CSV in UTF-8.")
    if text.lstrip()[:20].lower().startswith(WEB_PAGE):
        raise ValueError("This is a web page, not a table: save the data themselves as CSV.")
    usual = encoding.startswith("utf-8")
    notes = [] if usual else [f"Read as {'UTF-16' if 'utf' in encoding else 'Windows-1252'} text."]
    return text, notes


def _unmarked(content: bytes) -> str:
    """Guess an encoding: every second byte of UTF-16 is 0 where the text is plain."""
    sample = content[: 2 * (len(content[:4096]) // 2)]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[start::2]
        if half and half.count(0) > 0.4 * len(half) and not sample[1 - start :: 2].count(0):
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
