"""Text files: the bytes of a file as rows of cells: encoding, comments, delimiter and quotes."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nets.data.cells import NUMBERS, POINT, is_value

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "|", " ": "spaces"}
RARE = ("\t", ";", "|")  # in words, numbers and dates
SAMPLE_LINES, SAMPLE_LENGTH = 60, 6000  # from which the delimiter is detected
COMMENTS = ("#", "%", "//")
# How files that are not text begin, and what they are.
OTHER_FILES = {
    b"PK\x03\x04": "a packed file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a packed file",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
COMMA_IN_TEXT = re.compile(r"(?<!\d),|,(?!\d)|\D\d+,\d+,")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
WEB_PAGE = ("<!doctype html", "<html")
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What is rare in the languages of these encodings: other letters, and signs inside of words.
STRANGE = re.compile(r"[^\x00-\x7fÀ-ÖØ-öø-ÿ€„‚…‘’“”–—°²³µ§]|(?<=[^\W\d_])[„‚…“”–—](?=[^\W\d_])")
ENCODINGS = {
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "utf_16_le": "UTF-16",
    "utf_16_be": "UTF-16",
    "utf-16": "UTF-16",
}


@dataclass(frozen=True)
class Text:
    """The text of a file, without the comments above its table, and how its cells are divided.

    Attributes:
        text: line by line.
        delimiter: between two cells; a space stands for any number of spaces and tabs.
        quote: around cells that hold a delimiter.
        escape: before a quotation mark in a cell, if it is not doubled.
        comments: the lines above the table.
        notes: sentences on the encoding.
    """

    text: str
    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that are not empty: the number of the last line of each, and its cells.

        Raises:
            ValueError: if a quotation mark is never closed, or a cell is very long.
        """
        spaced = self.delimiter == " "
        lines = io.StringIO(self.text, newline="")
        reader = csv.reader(
            (line.replace("\t", " ").strip() + "\n" for line in lines) if spaced else lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape,
            skipinitialspace=True,
            strict=True,
        )
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield len(self.comments) + reader.line_num, row
        except csv.Error as error:
            line = len(self.comments) + reader.line_num
            raise ValueError(
                f"The file cannot be read as a table: in line {line}, a quotation mark has no "
                f"partner, or something follows the second one ({error})."
            ) from None


def open_text(content: bytes) -> Text:
    """Decode a file, and find out how its cells are divided.

    Raises:
        ValueError: if it is not text; says what it seems to be and what to do.
    """
    text, notes = decode(content)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        return Text("\n".join(lines[1:]), lines[0][4], comments=(lines[0],), notes=notes)
    count = next((n for n, line in enumerate(lines) if not _is_comment(line)), len(lines))
    comments, lines = lines[:count], lines[count:]
    opened = _detect(Text("\n".join(lines), comments=tuple(comments), notes=notes))
    return _with_header_in_comment(opened)


def _is_comment(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith(COMMENTS)


def _with_header_in_comment(text: Text) -> Text:
    """Take the last comment for the names of the columns, as NumPy writes them, if it fits."""
    last = next((line for line in reversed(text.comments) if line.strip()), "")
    names = replace(text, text=last.strip().lstrip("#%/").strip(), comments=())
    first = _first(text)
    header = _first(names)
    fits = len(first) == len(header) > 1 and all(map(is_value, map(str.strip, first)))
    if not fits or any(is_value(cell.strip()) for cell in header):
        return text
    lines, below = list(text.comments), list[str]()
    while lines[-1] != last:
        below.append(lines.pop())
    return replace(text, text=f"{names.text}\n{text.text}", comments=(*lines[:-1], *below))


def _first(text: Text) -> list[str]:
    return next((row for _, row in text.rows()), list[str]())


def _detect(text: Text) -> Text:
    """Find the delimiter and the quotation marks from the first lines."""
    from clevercsv import Detector

    sample = text.text[:SAMPLE_LENGTH].split("\n")
    if len(text.text) > SAMPLE_LENGTH and len(sample) > 2:
        sample = sample[:-1]
    sample = [line for line in sample if not _is_comment(line)][:SAMPLE_LINES]
    if _is_one_column(sample):
        return replace(text, delimiter=";")
    lines = {sign: _steady_lines(sample, sign) for sign in DELIMITERS}
    steady = [sign for sign in RARE if lines[sign] > 1 and lines[sign] == max(lines.values())]
    if not steady and _has_spaces_and_decimal_commas(sample):
        return replace(text, delimiter=" ")
    if steady and lines[","] == lines[steady[0]] and all(map(COMMA_IN_TEXT.search, sample[1:])):
        text = replace(text, notes=(*text.notes, "Commas would divide every line, too."))
    delimiters = steady or list(DELIMITERS)
    dialect = Detector().detect("\n".join(sample) + "\n", delimiters=delimiters)
    if steady and (dialect is None or dialect.delimiter not in steady):
        return replace(text, delimiter=steady[0])
    if dialect is None or dialect.delimiter not in DELIMITERS:
        return text
    quote = dialect.quotechar if dialect.quotechar == "'" else '"'
    return replace(
        text, delimiter=dialect.delimiter, quote=quote, escape=dialect.escapechar or None
    )


def _is_one_column(lines: list[str]) -> bool:
    """Say whether a name stands above numbers with decimal commas, and nothing else."""
    head, *cells = (line.strip() for line in lines) if lines else ("",)
    if not cells or "," in head or is_value(head):
        return False
    return all(NUMBERS[","].fullmatch(cell) and "." not in cell for cell in cells) and any(
        not NUMBERS[POINT].fullmatch(cell) for cell in cells
    )


def _steady_lines(lines: list[str], delimiter: str) -> int:
    """Count the lines that a sign divides into as many cells, if it divides all but titles so."""
    widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    while widths and widths[0] == 1:
        widths = widths[1:]
    return len(widths) if len({*widths}) == 1 else 0


def _has_spaces_and_decimal_commas(lines: list[str]) -> bool:
    """Say whether spaces divide all lines into as many cells, and commas are in numbers alone."""
    rows = [line.split() for line in lines]
    numbers = [cell for row in rows for cell in row if "," in cell]
    return (
        bool(numbers)
        and len({len(row) for row in rows}) == 1
        and len(rows[0]) > 1
        and all(NUMBERS[","].fullmatch(cell) for cell in numbers)
    )


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode text, and say in which encoding if it is not UTF-8.

    Raises:
        ValueError: if it is not text.
    """
    for beginning, what in OTHER_FILES.items():
        if content.startswith(beginning):
            raise ValueError(f"This is {what}, not a table: save the table as CSV or as .xlsx.")
    encoding = next((code for mark, code in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = _guess(content)
    if "\0" in text and encoding == "utf-8":
        encoding, text = _guess(content)
    text = text.removesuffix("\x1a")  # the end of a file in DOS
    if CONTROL.search(text):
        raise ValueError("The file is not text: it holds control characters. Save it as CSV.")
    if text.lstrip()[:20].lower().startswith(WEB_PAGE):
        raise ValueError("This is a web page, not a table: save the data themselves as CSV.")
    if encoding.startswith("utf-8"):
        return text, ()
    return text, (f"Read as {ENCODINGS[encoding]} text.",)


def _guess(content: bytes) -> tuple[str, str]:
    """Guess the encoding of text that is not UTF-8 and decode it."""
    from charset_normalizer import from_bytes

    wide = b"\0" in content
    codes = [code for code in ENCODINGS if code.startswith("utf_16") == wide and "-" not in code]
    telling = [line for line in content.split(b"\n") if not line.isascii()]
    sample = content[: 1 << 16] if wide else b"\n".join(telling)[: 1 << 14]
    sample = sample[: len(sample) // 2 * 2] if wide else sample
    matches = from_bytes(sample, cp_isolation=codes, threshold=1)
    found = {match.encoding: len(STRANGE.findall(str(match))) for match in matches}
    try:
        for code in codes:  # of those that are as likely, the first, which is the most frequent
            if code in found and found[code] == min(found.values()):
                return code, content.decode(code)
    except UnicodeDecodeError:
        pass
    raise ValueError(
        "The file is not text in UTF-8, UTF-16 or Windows-1252: save it as CSV in UTF-8."
    )
