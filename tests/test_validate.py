"""The error for a value that is not allowed: its name, what is allowed, and the value."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nets.validate import (
    format_typed_number,
    parse_typed_number,
    require_choice,
    require_number,
    require_whole,
)


def sentence(require, *arguments):
    with pytest.raises(ValueError, match=" must ") as refused:
        require("field", *arguments)
    return str(refused.value).removeprefix("field must be ")


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (70, 1, 64, "a whole number from 1 to 64; got 70."),
        (2.0, 1, 64, "a whole number from 1 to 64; got 2.0."),
        ("a", 1, 64, "a whole number from 1 to 64; got 'a'."),
        (True, 0, 64, "a whole number from 0 to 64; got True."),
        (-1, 0, 2**32 - 1, "a whole number, 0 or more; got -1."),
        (1.5, 1, 2**32 - 1, "a whole number, 1 or more; got 1.5."),
        (2**32, 0, 2**32 - 1, "a whole number from 0 to 4294967295; got 4294967296."),
    ],
)
def test_the_error_for_a_whole_number_names_its_range_unless_it_is_huge(value, low, high, expected):
    assert sentence(require_whole, value, low, high) == expected


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (0.6, 0, 0.5, "a number from 0 to 0.5; got 0.6."),
        (math.nan, 0, 0.5, "a number from 0 to 0.5; got nan."),
        (0, 1e-30, 1e30, "a number greater than 0; got 0."),
        ("0,1", 1e-30, 1e30, "a number greater than 0; got '0,1'."),
        (1e-31, 1e-30, 1e30, "a number from 1e-30 to 1e+30; got 1e-31."),
        (math.inf, 1e-30, 1e30, "a number from 1e-30 to 1e+30; got inf."),
        (-1, 0, math.inf, "a number, 0 or more; got -1."),
        (math.nan, 0, math.inf, "a number, 0 or more; got nan."),
    ],
)
def test_the_error_for_a_number_names_its_range_unless_it_is_huge(value, low, high, expected):
    assert sentence(require_number, value, low, high) == expected


@pytest.mark.parametrize("value", [1, 1.0, 0.25])
def test_a_number_in_its_range_is_returned_as_a_float(value):
    returned = require_number("field", value, 0, 1)
    assert (returned, type(returned)) == (value, float)


def test_the_error_for_a_choice_names_all_choices():
    assert sentence(require_choice, "sgd", ("SGD", "Adam")) == "one of SGD, Adam; got 'sgd'."


@pytest.mark.parametrize("value", ["x" * 999, 10**999, [1] * 999], ids=["text", "number", "list"])
def test_a_long_value_is_cut(value):
    assert len(sentence(require_whole, value, 1, 64)) < 120


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *(("0,05", 0.05), (".5", 0.5), (",5", 0.5), ("1.", 1.0), ("1e-3", 0.001), ("1E3", 1000)),
        *(("1/3", 1 / 3), (" -1 / 4 ", -0.25), ("−2", -2), ("− 2,5e−1", -0.25), ("+7", 7)),
        *(("10 000", 10_000), ("1\u202f234\u00a0567,5", 1_234_567.5), ("1,000", 1.0)),
        ("9" * 30, int("9" * 30)),
    ],
)
def test_a_number_is_read_as_people_type_it(typed, number):
    read = parse_typed_number(typed)
    assert (read, type(read)) == (number, type(number))


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "-", ".", "1_0", "0x1", "nan", "inf", "1e", "1/0", "1/", "1/2/3", "1,000,000"),
        *(
            "1.000,5",
            "1 00",
            "1 0000",
            "10 00 000",
            "0. 05",
            "1 e3",
            "--1",
            "१",
            "５",
            "1%",
            "1e-400",
        ),
        "9" * 401,
    ],
)
def test_text_that_is_no_number_is_returned_as_it_is(typed):
    assert parse_typed_number(typed) == typed


@given(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["{!r}", "{:.3f}", "{:e}"])
)
def test_no_other_number_is_read_than_was_typed(value, form):
    written = form.format(value)
    for typed in (written, written.replace(".", ","), f" {written.replace('-', '−')}\u00a0"):
        assert parse_typed_number(typed) == float(written)
    assert parse_typed_number(format_typed_number(value)) == value


@given(st.text(alphabet="0123456789.,eE/ -+−_\u00a0", max_size=12))
def test_what_is_read_is_written_with_the_same_digits(typed):
    read = parse_typed_number(typed)
    if isinstance(read, int):
        assert parse_typed_number(f"{read}") == read
        assert "," not in typed
        assert "." not in typed
    elif isinstance(read, float) and "/" not in typed:
        assert read == float("".join(typed.split()).replace(",", ".").replace("−", "-"))
