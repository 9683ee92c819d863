"""Shortened real files: each is read as the program that wrote it means it."""

from pathlib import Path

import pytest

from nets.data.own_data import read_data
from nets.data.reading import read

CASES = Path(__file__).parent / "cases"
# The columns that are read, and which of them are proposed: inputs > targets.
RIGHT = {
    "amtrak_min": ("Date > Passengers", [[7670, 7701, 7729], [1708917, 1620586, 1972715]]),
    "dates": ("day > temp", [[19723, 19724, 19725, 19726], [3.5, 4.1, 2.2, 5]]),
    "empty_last_column": ("x > y", [[1, 2, 3, 4], [2, 3, 5, 4]]),
    "hash_lines": ("year > mean", [[1959, 1960, 1961], [315.98, 316.91, 317.64]]),
    "header_longer": ("a > b", [[1, 3, 5], [2, 4, 6]]),
    "header_tabs_rows_spaces": ("a b > c=6", [[1, 4], [2, 5], [3, 6]]),
    "index_column": ("x > y", [[0, 1, 2, 3], [1.5, 2.5, 3.5, 0.5], [2.5, 3.5, 4, 1]]),
    "mixed_column": (
        "x > y=1",
        [
            [1, 2, 3, 4, 5, 6],
            ["A/5", "113803", "373450", "17463", "PC 17", "330877"],
            [0, 1, 1, 0, 1, 0],
        ],
    ),
    "none_is_a_class": (
        "size alley=Grvl alley=None alley=Pave > price",
        [[1, 2, 3, 4, 5], ["Pave", "None", "Grvl", "None", "Pave"], [5, 6, 7, 9, 11]],
    ),
    "one_row": ("x1 x2 x3 > y", [[1], [0], [1], [1]]),
    "ordered": ("x > high low medium", [[1, 2, 3, 4, 5], ["low", "medium", "high", "high", "low"]]),
    "percent": ("x > share", [[1, 2, 3, 4], [0.5, 0.2, 0.75, 0.1]]),
    "ragged": ("x > y=6", [[1, 4], [2, 6]]),
    "spaces": (
        "column 1, column 2 > column 3=1",
        [[5.1, 4.9, 6.2, 5.9], [3.5, 3, 2.9, 3], [0, 0, 1, 1]],
    ),
    "thousands": ("n > people", [[1, 2, 3, 4], [1708917, 1620586, 1972715, 1811665]]),
    "thousands_de": ("n > people", [[1, 2, 3, 4], [1708917, 1620586, 1972715, 1811665]]),
    "thousands_de_mixed": ("n > price", [[1, 2, 3, 4], [1708.5, 2620.75, 972.1, 11665]]),
    "thousands_de_silent": ("n > price", [[1, 2, 3, 4], [1.708, 2.62, 972, 11.665]]),
    "title_line": ("t > T", [[0, 1, 2], [20.5, 21, 22.4]]),
    "trailing_comma_rows_only": ("a > b", [[1, 3, 5], [2, 4, 7]]),
    "xor": ("x1 x2 > y=1", [[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]]),
}
SAID = {
    "amtrak_min": "“column 3”, “column 4” are empty: left out.",
    "dates": "“day” holds dates, which become days since 1970: 2024-01-01 is day 19723.",
    "empty_last_column": "“note” is empty: left out.",
    "hash_lines": "2 lines above the table are left out.",
    "header_longer": "There are 3 names and 2 columns; “c” is left out.",
    "index_column": "“column 1” is not proposed: it numbers the rows.",
    "mixed_column": "“ticket” is not proposed: it has another word in almost every row",
    "percent": "In “share”, 50% is read as 0.5.",
    "ragged": "2 rows have another number of cells than the table, which has 2; left out: lines 3",
    "semicolons_with_date_commas": "“column 1” holds dates",
    "spaces": "The first row holds no names, so the columns are numbered.",
    "thousands": "In “people”, 1,708,917 is read as 1708917.",
    "thousands_de_mixed": "In “price”, 1.708,50 is read as 1708.5.",
    "thousands_de_silent": "In “price”, 1.708 is read as 1.708; it could also mean 1708.",
    "title_line": "1 line above the table is left out.",
    "one_row": "There is one example: its numbers are used as they are.",
}


def content(case):
    return (CASES / f"{case}.csv").read_bytes()


def test_every_case_is_tested():
    files = {path.stem for path in CASES.iterdir()}
    assert files == {*RIGHT, "semicolons_with_date_commas", "one_column_decimal_comma"}


@pytest.mark.parametrize("case", RIGHT)
def test_a_file_is_read_as_it_is_meant_and_its_columns_are_proposed(case):
    proposed, columns = RIGHT[case]
    table = read(content(case))
    found = [
        column.values() if column.is_number else list(column.cells) for column in table.columns
    ]
    assert found == columns
    data = read_data(content(case))
    inputs, targets = proposed.split(" > ")
    assert ", ".join(data.input_names) in (inputs, inputs.replace(" ", ", "))
    assert ", ".join(data.output_names) in (targets, targets.replace(" ", ", "))
    assert len(data) == len(table)


@pytest.mark.parametrize("case", SAID)
def test_the_notes_say_how_a_file_was_read(case):
    assert SAID[case] in " ".join(read_data(content(case)).notes)


def test_commas_in_dates_divide_no_columns_and_no_row_is_lost():
    data = read_data(content("semicolons_with_date_commas"))
    dates, numbers, *_ = read(content("semicolons_with_date_commas")).columns
    assert dates.values() == [19132 - row for row in range(10)]
    assert numbers.values() == [3000000 + 37 * row for row in range(10)]
    assert len(data) == 10


def test_one_column_with_decimal_commas_is_one_column():
    (column,) = read(content("one_column_decimal_comma")).columns
    assert (column.name, column.values()) == ("x", [50.5, 60.25])


@pytest.mark.parametrize("case", ["xor", "one_row"])
def test_numbers_as_they_are_stay_0_and_1(case):
    inputs = read_data(content(case), standardise=False).inputs
    assert set(inputs.flatten().tolist()) == {0, 1}
