"""What is said about a value that is not allowed: its name, what is allowed, and the value."""

import math

import pytest

from nets.validate import require_choice, require_number, require_whole


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
def test_a_whole_number_names_the_end_of_its_range_unless_nobody_reaches_it(
    value, low, high, expected
):
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
def test_a_number_names_the_end_of_its_range_unless_nobody_reaches_it(value, low, high, expected):
    assert sentence(require_number, value, low, high) == expected


@pytest.mark.parametrize("value", [1, 1.0, 0.25])
def test_a_number_in_its_range_is_returned_as_a_float(value):
    returned = require_number("field", value, 0, 1)
    assert (returned, type(returned)) == (value, float)


def test_a_choice_names_what_there_is():
    assert sentence(require_choice, "sgd", ("SGD", "Adam")) == "one of SGD, Adam; got 'sgd'."


@pytest.mark.parametrize("value", ["x" * 999, 10**999, [1] * 999], ids=["text", "number", "list"])
def test_a_long_value_is_cut(value):
    assert len(sentence(require_whole, value, 1, 64)) < 120
