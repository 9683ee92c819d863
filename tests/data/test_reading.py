"""Reading files: what programs write comes back, or a sentence says why not."""

import datetime

import pytest
from babel.dates import format_date
from hypothesis import given, settings
from written_files import workbook, written_files

from nets.data.own_data import read_data
from nets.data.reading import read


def _is_open(table, column):
    """Say whether a note says that the column could be read in another way."""
    return any(f"In “{column.name}”" in note and "could" in note for note in table.notes)


@settings(max_examples=200)
@given(written_files())
def test_what_a_program_wrote_comes_back_or_a_sentence_says_why_not(written):
    try:
        table = read(written.content)
    except ValueError:
        return  # a sentence; other errors fail the test
    if written.has_header:
        assert list(table.names) == written.names
    if len(table.columns) != len(written.columns):
        assert "Commas would divide every line, too." in table.notes
        return
    for column, values in zip(table.columns, written.columns, strict=True):
        found = list(column.labels) if isinstance(values[0], str) else column.values()
        assert found == values or _is_open(table, column)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,203,000", "980,500"], [1203000, 980500]),
        (["1.203.000", "980.500"], [1203000, 980500]),
        (["1,5", "2,25", "1.000,5"], [1.5, 2.25, 1000.5]),
        (["0,125", "1,500"], [0.125, 1.5]),
        (["1 203,5", "7,25"], [1203.5, 7.25]),
        (["1'203.5", "7.25"], [1203.5, 7.25]),
        (["$1,000.50", "-$3"], [1000.5, -3]),
        (["3,50 €", "4 €"], [3.5, 4]),
        (["12.5 %", "−3%"], [0.125, -0.03]),
        (["1e-3", ".5", "+2."], [0.001, 0.5, 2]),
        (["1", "NA", "-", "None", "3"], [1, None, None, None, 3]),
    ],
    ids=lambda cells: " ".join(map(str, cells)),
)
def test_numbers_are_read_as_the_whole_column_writes_them(cells, values):
    rows = "\n".join(["x;y", *(f"{cell};{n}" for n, cell in enumerate(cells))])
    column = read(rows.encode()).column("x")
    found = [None if value != value else value for value in column.values()]
    assert found == pytest.approx(values, abs=1e-15)


@pytest.mark.parametrize(("other", "value"), [("20,5", 1708), ("20.5", 1.708), ("20", 1.708)])
def test_an_ambiguous_column_is_read_as_the_rest_of_the_file(other, value):
    table = read(f"price;t\n1.708;{other}\n2.620;{other}\n".encode())
    assert table.column("price").values()[0] == value
    assert any("it could also mean 1708" in note for note in table.notes) == (other == "20")


def test_the_notes_say_if_day_and_month_could_be_exchanged():
    table = read(b"day,y\n01/02/2024,1\n03/04/2024,2\n")
    assert any("day and month could also be exchanged" in note for note in table.notes)
    table = read(b"day,y\n01/02/2024,1\n13/04/2024,2\n")
    assert not any("exchanged" in note for note in table.notes)


LANGUAGES = ["de", "de_AT", "fr", "es", "it", "nl", "pt", "da", "nb", "sv", "fi", "pl", "cs", "en"]


@pytest.mark.parametrize("form", ["long", "d MMM y", "MMMM y", "MMM y", "MMM-yy"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_with_the_name_of_a_month_are_days_in_the_languages_of_europe(language, form):
    dates = [datetime.date(2024, month, 1) for month in range(1, 13)]
    cells = [format_date(date, form, locale=language) for date in dates]
    rows = [f'"{cell}",{n * n}' for n, cell in enumerate(cells)]
    (days, _), notes = (table := read("\n".join(["day,y", *rows]).encode())).columns, table.notes
    assert days.values() == [(date - datetime.date(1970, 1, 1)).days for date in dates]
    assert any("“day” holds dates" in note for note in notes)


def test_months_as_excel_writes_them_in_german_are_days():
    table = read(b"Monat;y\nJan 24;1,5\nFeb 24;2\nMrz 24;3\nDez 24;4\n")
    assert table.column("Monat").values() == [19723, 19754, 19783, 20058]


@pytest.mark.parametrize(
    "words", [["Room 12", "Room 14"], ["set 1", "out 2"], ["ma 5", "marble 3"]]
)
def test_words_that_only_look_like_dates_stay_words(words):
    table = read(f"name;y\n{words[0]};1\n{words[1]};2\n".encode())
    assert table.names == ("name", "y")
    assert table.column("name").labels == tuple(words)


@pytest.mark.parametrize(
    "header",
    ["2019;2020;2021", "country;2000;2010;2020", "2021;2020", "day;2024-01-01;2024-01-02"],
)
def test_a_first_row_of_years_or_dates_above_other_numbers_is_a_header(header):
    row = ";".join("7,5" if cell[:2] == "20" else "Chad" for cell in header.split(";"))
    table = read(f"{header}\n{row}\n{row}\n".encode())
    assert table.names == tuple(header.split(";"))
    said = any("are read as column names" in note for note in table.notes)
    assert said == ("-" not in header)
    assert len(read(f"{header}\n{row}\n{row}\n".encode(), names=False)) == 3


@pytest.mark.parametrize(
    "content",
    ["2019;3\n2020;5\n", "2019;2020\n2020;2021\n", "2019;2020;7\n1;2;3\n", "0;1;2\n3;4;5\n"],
)
def test_a_first_row_of_other_numbers_is_data(content):
    assert len(read(content.encode())) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "utf-16", "utf-16-be"])
def test_what_old_programs_save_is_read(encoding, end):
    rows = ["Größe;Fluß", *(f"{n},5;Donau bei Köln" for n in range(9))]
    table = read((end.join(rows) + end).encode(encoding))
    assert table.names == ("Größe", "Fluß")
    assert table.column("Fluß").labels[0] == "Donau bei Köln"


def test_a_header_in_a_comment_is_a_header():
    table = read(b"# made by NumPy\n# x y\n1.5 2\n3 4\n")
    assert table.names == ("x", "y")
    assert "1 line above the table is left out." in table.notes


def test_row_names_without_a_header_are_a_column():
    table = read(b'"x" "y"\n"a" 1 2.5\n"b" 2 3.5\n"c" 3 4.5\n')
    assert table.names == ("column 1", "x", "y")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"a,b\n", "There are column names, but no rows below them."),
        (b"a,b,c\n1,2\n", "There are column names, but no rows of the same width. 1 row has anoth"),
        (b'a,b\n1,"2\n3,4\n', "in line 3, a quotation mark has no partner"),
        (b"a,b\n,\n", "There are column names, but no rows below them."),
        (b"%PDF-1.4", "This is a PDF, not a table"),
        (b"PK\x03\x04 no workbook", "This is a packed file, not a table"),
    ],
)
def test_a_file_that_is_not_a_table_gets_a_sentence_that_says_why(content, sentence):
    with pytest.raises(ValueError, match=r"\.$") as refused:
        read(content)
    assert sentence in str(refused.value)


def test_a_large_file_is_read_in_seconds_because_the_delimiter_is_found_from_its_first_lines():
    content = b"a;b\n" + b"1,5;x y\n" * 400_000
    assert len(read(content, max_rows=1000)) == 1000


def test_excel_files_are_read_sheet_by_sheet():
    first = [["x", "kind"], [1.5, "red"], [2, "blue"], [0.1, "red"]]
    second = [["Report", ""], ["a", "b"], [1, 2], [3, 5]]
    content = workbook(Data=first, Other=second)
    table = read(content)
    assert table.sheets == ("Data", "Other")
    assert table.column("x").values() == [1.5, 2, 0.1]
    assert table.column("kind").labels == ("red", "blue", "red")
    assert "Sheet “Data” of 2 sheets." in table.notes
    other = read(content, sheet="Other")
    assert other.names == ("a", "b")
    assert "1 line above the table is left out." in other.notes
    assert len(read_data(content)) == 3
    with pytest.raises(ValueError, match="There is no sheet “None there”; there are Data, Other"):
        read(content, sheet="None there")
