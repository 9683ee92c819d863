"""Arithmetic: the line of a calculation, written with numbers that add up."""

import math
from collections.abc import Callable
from dataclasses import dataclass

MOST_EXTRA = 15  # digits that a factor may have more than the result
MINUS = "−"


@dataclass(frozen=True)
class Factor:
    """One number of a line.

    Attributes:
        symbol: its name.
        value: in full precision.
        part: the weight, bias or neuron of the diagram that it belongs to, if any.
        exact: whether to write all its digits, as for a chosen number such as a learning rate.
        power: 1, or 2 for a square.
    """

    symbol: str
    value: float
    part: str | None = None
    exact: bool = False
    power: int = 1


@dataclass(frozen=True)
class Term:
    """A product, added or subtracted."""

    factors: tuple[Factor, ...]
    negative: bool = False

    def value(self, numbers: tuple[float, ...]) -> float:
        """Compute the product with these numbers in place of the factors."""
        pairs = zip(numbers, self.factors, strict=True)
        product = math.prod(n for number, f in pairs for n in (number,) * f.power)
        return -product if self.negative else product


@dataclass(frozen=True)
class Function:
    """A function of one number: its formula, with {x} for the number, and how to compute it."""

    formula: str
    of: Callable[[float], float]


@dataclass(frozen=True)
class Line:
    """A number and how it is computed: as a sum of products, or as a function of that sum.

    Without terms only the number is known.
    """

    name: str
    value: float
    terms: tuple[Term, ...]
    function: Function | None = None

    def to_factor(self) -> Factor:
        """Return the result as a factor of another line."""
        return Factor(self.name, self.value)

    def compute(self, numbers: list[tuple[float, ...]]) -> float:
        """Compute the line with these numbers in place of the factors, term by term."""
        terms = zip(self.terms, numbers, strict=True)
        total = _sum([term.value(factors) for term, factors in terms])
        return self.function.of(total) if self.function else total

    def shorten(self, most: int) -> "Line":
        """Return the line with at most this many terms: the last ones become one number."""
        if len(self.terms) <= most:
            return self
        first, rest = self.terms[: most - 1], self.terms[most - 1 :]
        total = _sum([term.value(tuple(f.value for f in term.factors)) for term in rest])
        last = Term((Factor(f"({len(rest)} more terms)", total),))
        return Line(self.name, self.value, (*first, last), self.function)


def _sum(values: list[float]) -> float:
    """Add up with one rounding at the end; infinite sums follow the rules of float64."""
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):
        return sum(values)


@dataclass(frozen=True)
class FormattedLine:
    """A line in numbers: the text of the result, and of the factors of each term."""

    result: str
    factors: list[tuple[str, ...]]


def format_line(line: Line, digits: int) -> FormattedLine:
    """Write a line's result with this number of digits, and its factors with as many or more.

    More where they are needed: computed with the factors as they are written, the line gives its
    result as it is written, within one unit of the last digit.
    """
    result, factors = format_number(line.value, digits), []
    for extra in range(MOST_EXTRA + 1):
        factors = [
            tuple(
                format_exact(f.value) if f.exact else format_number(f.value, digits + extra)
                for f in t.factors
            )
            for t in line.terms
        ]
        if not line.terms or adds_up(line, factors, result):
            break
    return FormattedLine(result, factors)


def adds_up(line: Line, factors: list[tuple[str, ...]], result: str) -> bool:
    """Say whether a line, as it is written, gives its result within the last digit."""
    computed = line.compute([tuple(map(parse_number, texts)) for texts in factors])
    return not abs(computed - parse_number(result)) > last_digit_unit(result) * (1 + 1e-9)


def format_number(value: float, digits: int) -> str:
    """Write a number with this many significant digits: −0.0312, 1.54, 1230, 1.2e−07."""
    if value == 0:
        return f"{0:.{digits - 1}f}"
    if not math.isfinite(value):
        return f"{value:g}".replace("-", MINUS)
    scientific = f"{value:.{digits - 1}e}"
    exponent = int(scientific.partition("e")[2])
    plain = -5 <= exponent < 7
    text = f"{value:.{max(0, digits - 1 - exponent)}f}" if plain else scientific
    return text.replace("-", MINUS)


def format_exact(value: float) -> str:
    """Write a number with all its digits."""
    short = f"{value:g}"
    return (short if float(short) == value else repr(value)).replace("-", MINUS)


def parse_number(text: str) -> float:
    """Read a number that `format_number` or `format_exact` has written."""
    return float(text.replace(MINUS, "-"))


def last_digit_unit(text: str) -> float:
    """Return the value of one unit in the last digit of a written number."""
    mantissa, _, exponent = text.replace(MINUS, "-").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(f"1e{int(exponent or 0) - decimals}")  # rounded once, unlike 10.0 ** n
