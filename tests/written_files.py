"""A model of the files that programs write: a table, and the bytes that a program makes of it."""

import csv
import datetime
import io
import zipfile
from dataclasses import dataclass, field

from babel.dates import format_date
from hypothesis import strategies as st

DELIMITERS = [",", ";", "\t", "|", " "]
DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%b %d, %Y", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y"]
LANGUAGES = ["de", "fr", "es", "nl"]  # whose dates Windows-1252 can hold
WORDS = ["red", "blue", "grün", "New York", "a, b", "x; y", 'say "no"', "São Paulo", "5a", "yes|no"]
EPOCH = datetime.datetime(1970, 1, 1)


@dataclass
class Written:
    """A table: names, and for each column its values; numbers, words, or days since 1970."""

    names: list[str]
    columns: list[list]
    has_header: bool
    content: bytes = b""
    style: dict = field(default_factory=dict)


@st.composite
def columns(draw, count):
    """Draw a column: what it means, and how it is written, before the decimal sign is chosen."""
    kind = draw(st.sampled_from(["whole", "decimal", "decimal", "grouped", "word", "date"]))
    match kind:
        case "whole":
            values = draw(st.lists(st.integers(-999, 99999), min_size=count, max_size=count))
            return values, [str(value) for value in values], True
        case "decimal" | "grouped":
            places = draw(st.integers(1, 4))
            numbers = st.integers(-(10**9), 10**9).map(lambda n: round(n / 10**5, places))
            values = draw(st.lists(numbers, min_size=count, max_size=count))
            sign = "," if kind == "grouped" else ""
            return values, [format(value, f"{sign}.{places}f") for value in values], True
        case "word":
            values = draw(st.lists(st.sampled_from(WORDS), min_size=count, max_size=count))
            return values, values, False
        case _:
            form = draw(st.sampled_from([*DATE_FORMATS, *LANGUAGES]))
            days = st.integers(3000, 22000)
            dates = [
                EPOCH + datetime.timedelta(days=day)
                for day in draw(st.lists(days, min_size=count, max_size=count))
            ]
            days = [(date - EPOCH).days for date in dates]
            return days, [_write_date(date, form) for date in dates], False


def _write_date(date, form):
    """Write a date in a format of Python's, or in full in a language."""
    return format_date(date, "long", locale=form) if form in LANGUAGES else date.strftime(form)


def _with_decimal(text, decimal):
    """Write a number of Python's with this decimal sign, and the other one between thousands."""
    return text.translate(str.maketrans(",.", ".,")) if decimal == "," else text


@st.composite
def written_files(draw):
    """Draw a table and write it as some program would."""
    count, width = draw(st.integers(3, 25)), draw(st.integers(2, 5))
    drawn = [draw(columns(count)) for _ in range(width)]
    style = {
        "delimiter": draw(st.sampled_from(DELIMITERS)),
        "decimal": draw(st.sampled_from([".", ","])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])),
        "end": draw(st.sampled_from(["\n", "\r\n", "\r"])),
        "comments": draw(st.integers(0, 3)),
        "title": draw(st.booleans()),
        "trailing": draw(st.booleans()),
    }
    if style["delimiter"] == ",":
        style["decimal"] = "."
    has_header = draw(st.booleans()) or not any(
        isinstance(values[0], int | float) for values, _, _ in drawn
    )
    names = [f"{'abcde'[place]}" for place in range(width)]
    cells = [
        [_with_decimal(text, style["decimal"]) for text in texts] if is_number else texts
        for _, texts, is_number in drawn
    ]
    rows = [list(row) for row in zip(*cells, strict=True)]
    out = io.StringIO()
    for number in range(style["comments"]):
        out.write(f"# made by program {number}{style['end']}")
    if style["title"] and has_header:
        out.write(f"Station 7{style['end']}{style['end']}")
    writer = csv.writer(
        out, delimiter=style["delimiter"], quoting=style["quoting"], lineterminator=style["end"]
    )
    tail = [""] if style["trailing"] and style["delimiter"] != " " else []
    for row in ([names] if has_header else []) + rows:
        writer.writerow(row + tail)
    content = out.getvalue().encode(style["encoding"])
    return Written(names, [values for values, _, _ in drawn], has_header, content, style)


def workbook(**sheets):
    """Write an Excel file: a sheet is a list of rows of texts and numbers."""
    head = '<?xml version="1.0"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        root = f'<Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
        file.writestr(
            "_rels/.rels", f'{head}<Relationships xmlns="{package}">{root}</Relationships>'
        )
        listed, related = "", ""
        for number, (name, rows) in enumerate(sheets.items(), start=1):
            cells = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
            sheet = f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
            file.writestr(f"xl/worksheets/sheet{number}.xml", head + sheet)
            listed += f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>'
            target = f'Type="{office}/worksheet" Target="worksheets/sheet{number}.xml"'
            related += f'<Relationship Id="r{number}" {target}/>'
        book = f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>'
        file.writestr("xl/workbook.xml", head + book)
        links = f'<Relationships xmlns="{package}">{related}</Relationships>'
        file.writestr("xl/_rels/workbook.xml.rels", head + links)
    return content.getvalue()


def cell(value):
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"
