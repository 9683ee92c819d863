"""Arithmetic: written lines add up, for all numbers.

Here written numbers are fractions, without any rounding.
"""

import math
from fractions import Fraction

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from nets import ACTIVATIONS
from nets.explain import arithmetic
from nets.explain.arithmetic import (
    Factor,
    Function,
    Line,
    Term,
    format_exact,
    format_line,
    format_number,
    gives,
    to_decimal,
)

MINUS = "−"
ROUNDING = Fraction(1, 2**53)

digits = st.integers(2, 6)
finite = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.one_of(
    st.just(0.0),
    st.floats(-10, 10),
    st.floats(-1e30, 1e30).filter(lambda x: abs(x) > 1e-30),
    st.builds(lambda m, e: m * 10.0**e, st.floats(-9.9, 9.9), st.integers(-30, 30)),
).filter(lambda x: x == 0 or 1e-31 < abs(x) < 1e31)
factors = st.builds(
    Factor, st.just("s"), numbers, exact=st.booleans(), power=st.sampled_from([1, 1, 1, 2])
)
terms = st.builds(Term, st.lists(factors, min_size=1, max_size=3).map(tuple), st.booleans())


def line_of(terms, function=None):
    line = Line("n", 0.0, tuple(terms), function)
    return Line("n", float(line.compute(line.format_factors(25))), tuple(terms), function)


@st.composite
def cancelling(draw):
    """Draw a sum whose terms almost cancel."""
    value, share = draw(st.floats(0.1, 1e6)), draw(st.floats(1e-14, 1e-2))
    parts = [Term((Factor("s", value),)), Term((Factor("s", value * (1 - share)),), negative=True)]
    return line_of(draw(st.permutations([*parts, *draw(st.lists(terms, max_size=1))])))


lines = st.lists(terms, min_size=1, max_size=6).map(line_of) | cancelling()


def exactly(text):
    return Fraction(text.replace(MINUS, "-"))


def last_place(text):
    """One unit of the last digit, found by counting digits after the point."""
    mantissa, _, exponent = text.replace(MINUS, "-").partition("e")
    return Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def products(line, texts):
    for term, one in zip(line.terms, texts, strict=True):
        product = math.prod(
            exactly(text) ** f.power for text, f in zip(one, term.factors, strict=True)
        )
        yield -product if term.negative else product


@given(lines, digits)
def test_a_line_computed_and_rounded_as_it_is_written_gives_its_result(line, digits):
    shown = format_line(line, digits)
    missed = abs(sum(products(line, shown.factors)) - exactly(shown.result))
    assert missed < last_place(shown.result) / 2
    assert gives(line, shown.factors, shown.result)


@given(lines, digits)
def test_a_result_has_the_digits_asked_for_or_one_more_where_it_is_between_two_texts(line, digits):
    exact = sum(products(line, line.format_factors(25)))
    texts = [format_number(float(exact), digits), format_line(line, digits).result]
    missed = abs(exact - exactly(texts[0])) / last_place(texts[0])
    assert texts[1] in (texts[0], format_number(float(exact), digits + 1))
    assert missed > 0.49 or texts[0] == texts[1]


@given(lines, digits)
def test_a_factor_has_at_least_the_digits_of_its_result_and_a_chosen_number_has_all(line, d):
    for term, texts in zip(line.terms, format_line(line, d).factors, strict=True):
        for factor, text in zip(term.factors, texts, strict=True):
            unit = 0 if factor.exact else last_place(text) / 2
            assert abs(exactly(text) - Fraction(factor.value)) <= max(
                unit, abs(Fraction(factor.value)) * ROUNDING
            )
            assert factor.exact or len(significant(text)) >= len(
                significant(format_number(factor.value, d))
            )


FORMULAS = {
    "tanh({x})": math.tanh,
    "1 − {x}²": lambda a: 1 - a * a,
    "1 / (1 + exp(−{x}))": lambda z: 1 / (1 + math.exp(-z)),
    "max(−1, min(1, {x})) / 3": lambda x: max(-1, min(1, x)) / 3,
}


@given(st.floats(-30, 30), digits, st.sampled_from(list(FORMULAS)))
def test_a_function_of_the_written_number_gives_the_written_result(x, digits, formula):
    shown = format_line(line_of([Term((Factor("z", x),))], Function(formula)), digits)
    ((text,),) = shown.factors
    missed = abs(Fraction(FORMULAS[formula](float(exactly(text)))) - exactly(shown.result))
    assert missed <= last_place(shown.result) / 2 * (1 + Fraction(1, 10**9)) + 2 * ROUNDING


@pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=lambda f: f.name)
@given(st.floats(-30, 30))
def test_the_formula_of_an_activation_says_what_the_engine_computes(f, x):
    z = torch.tensor([x], dtype=torch.float64)
    a = f.value(z, torch.empty_like(z))
    slope = f.slope(z, a, torch.empty_like(z)).item()
    of = a.item() if f.slope_of == "a" else x
    close = {"rel_tol": 1e-9, "abs_tol": 1e-15}
    assert math.isclose(Function(f.formula).of(x), a.item(), **close)
    assert math.isclose(Function(f.slope_formula).of(of), slope, **close)


def significant(text):
    mantissa = text.replace(MINUS, "").partition("e")[0].replace(".", "")
    return mantissa.lstrip("0") or mantissa


@given(finite | numbers, digits)
@example(9.9999996, 6)
@example(0.00001, 2)
@example(999999.96, 6)
def test_a_number_is_written_with_just_the_digits_asked_for_unless_its_whole_part_has_more(x, d):
    text = format_number(x, d)
    if "." not in text and "e" not in text and len(text.lstrip(MINUS)) > d:
        assert int(exactly(text)) == round(Fraction(x))
    else:
        assert len(significant(text)) == d


@given(finite | numbers, digits)
def test_a_written_number_is_within_half_a_unit_and_can_be_read_back(x, digits):
    text = format_number(x, digits)
    assert abs(exactly(text) - Fraction(x)) <= last_place(text) / 2
    assert Fraction(to_decimal(text)) == exactly(text)
    assert Fraction(arithmetic.last_place(text)) == last_place(text)


@given(finite)
def test_a_chosen_number_is_written_as_it_is(x):
    assert float(to_decimal(format_exact(x))) == x


@given(lines, st.integers(1, 4), digits)
def test_gathered_terms_keep_the_line_s_value_and_still_add_up(line, most, digits):
    gathered = line.shorten(most)
    assert gathered.value == line.value
    assert len(gathered.terms) == min(most, len(line.terms))
    assert gathered.terms[: most - 1] == line.terms[: most - 1]
    each = list(products(line, line.format_factors(25)))
    missed = abs(sum(products(gathered, gathered.format_factors(25))) - sum(each))
    assert missed <= ROUNDING * sum(map(abs, each))
    shown = format_line(gathered, digits)
    missed = abs(sum(products(gathered, shown.factors)) - exactly(shown.result))
    assert missed < last_place(shown.result) / 2


anything = st.floats() | st.sampled_from([1e308, -1e308, 1e200, math.inf, -math.inf, math.nan])
wild = st.builds(Factor, st.just("s"), anything, exact=st.booleans(), power=st.integers(1, 2))
wild_terms = st.builds(Term, st.lists(wild, min_size=1, max_size=3).map(tuple), st.booleans())


@given(st.lists(wild_terms, max_size=4), anything, st.integers(1, 3), digits)
@example([Term((Factor("s", 1e200, power=2),))], math.inf, 2, 3)
@example([Term((Factor("s", 1e308),))] * 3, math.inf, 2, 3)
@example([Term((Factor("s", s),)) for s in (math.inf, -math.inf)], math.nan, 2, 3)
def test_infinite_and_very_large_numbers_can_be_written(terms, x, most, digits):
    line = Line("n", x, tuple(terms)).shorten(most)
    shown = format_line(line, digits)
    pairs = [
        (factor.value, text)
        for term, texts in zip(line.terms, shown.factors, strict=True)
        for factor, text in zip(term.factors, texts, strict=True)
    ]
    for value, text in [(line.value, shown.result), *pairs]:
        assert math.isfinite(value) or str(float(to_decimal(text))) == str(value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_a_sum_with_an_infinite_part_equals_that_of_float64(value):
    parts = value, -math.inf, 1.0
    line = line_of([Term((Factor("s", part),)) for part in parts])
    assert str(line.value) == str(sum(parts))
