"""Tables for people and for screen readers."""

import pytest
import torch

from nets.page.html.tables import MOST_NAMES, listed, number, table


def test_numbers_are_written_as_torch_prints_them():
    values = torch.randn(100, generator=torch.Generator().manual_seed(1))
    values = values[values.abs() > 1e-3]
    printed = [str(value.item()) for value in values]
    assert printed
    for value in values:
        assert f"tensor({number(value.item()).replace('−', '-')})" == str(value)


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0.0000"), (1.23456e-5, "1.2346e−05"), (-2e9, "−2.0000e+09")]
)
def test_numbers_that_four_decimals_would_hide_are_written_scientifically(value, text):
    assert number(value) == text


def test_names_are_shown_as_text_whatever_they_contain():
    html = table("<b>", ["", "<script>"], [("a & b", [1.0])])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "a &amp; b" in html


@pytest.mark.parametrize("count", [1, MOST_NAMES, MOST_NAMES + 1, 50])
def test_of_many_names_the_first_are_listed_and_the_others_counted(count):
    names = [f"h{number}" for number in range(count)]
    text, more = listed(iter(names), count), count - MOST_NAMES
    assert text.startswith(", ".join(names[:MOST_NAMES]))
    assert text.endswith(f" and {more} more") if more > 0 else text.endswith(names[-1])
