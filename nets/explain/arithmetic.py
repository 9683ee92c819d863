"""Arithmetic: the line of a calculation, written with numbers that give its result exactly."""

import decimal
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import CodeType
from typing import Any

MOST_DIGITS = 25  # of a factor; float64 is exact long before
NEAR_AN_EDGE = Decimal("0.498")  # of a unit: another method of rounding might give another digit
MINUS = "−"
# 400 digits, because log(1 + exp(x)) is exp(x) for every x that has a float64; nothing is raised.
EXACT = decimal.Context(prec=400, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=[])


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

    def format(self, digits: int) -> str:
        """Write the number with this many digits, or with all of them."""
        return format_exact(self.value) if self.exact else format_number(self.value, digits)


@dataclass(frozen=True)
class Term:
    """A product, added or subtracted."""

    factors: tuple[Factor, ...]
    negative: bool = False

    def compute(self, texts: Iterable[str]) -> Decimal:
        """Compute the product of the factors as they are written."""
        product = Decimal(-1 if self.negative else 1)
        for text, factor in zip(texts, self.factors, strict=True):
            product *= to_decimal(text) ** factor.power
        return product


@dataclass(frozen=True)
class Function:
    """A function of one number: its formula for people, with {x} for the number."""

    formula: str

    @property
    def is_share(self) -> bool:
        """Whether it only divides the number."""
        return self.formula.startswith("({x}) / ")

    def of(self, x: float) -> float:
        """Compute what the formula says."""
        with decimal.localcontext(EXACT):
            return float(self.compute(Decimal(x)))

    def compute(self, x: Decimal) -> Decimal:
        """Compute what the formula says, in the present decimal context."""
        return eval(_to_python(self.formula), {**FUNCTIONS, "x": x})


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

    def format_factors(self, digits: int) -> list[tuple[str, ...]]:
        """Write the factors of each term with this many digits."""
        return [tuple(factor.format(digits) for factor in term.factors) for term in self.terms]

    def compute(self, texts: Sequence[Sequence[str]], context: decimal.Context = EXACT) -> Decimal:
        """Compute the line from its factors as they are written, term by term."""
        with decimal.localcontext(context):
            pairs = zip(self.terms, texts, strict=True)
            total = sum((term.compute(factors) for term, factors in pairs), Decimal(0))
            return self.function.compute(total) if self.function else total

    def shorten(self, most: int) -> "Line":
        """Return the line with at most this many terms: the last ones become one number."""
        if len(self.terms) <= most:
            return self
        first, rest = self.terms[: most - 1], self.terms[most - 1 :]
        total = Line("", 0.0, rest)
        value = float(total.compute(total.format_factors(MOST_DIGITS)))
        last = Term((Factor(f"({len(rest)} more terms)", value),))
        return Line(self.name, self.value, (*first, last), self.function)


@dataclass(frozen=True)
class FormattedLine:
    """A line in numbers: the text of the result, and of the factors of each term."""

    result: str
    factors: list[tuple[str, ...]]


def format_line(line: Line, digits: int) -> FormattedLine:
    """Write a line's result with this number of digits, and its factors with as many or more.

    A person who computes the line from the written factors, and rounds to the digits of the result,
    gets the written result. The factors have as many digits as this needs. If the result is halfway
    between two roundings, it has one more digit. In rare cases even all digits of the factors do
    not give the result, because float64 rounded earlier; then the line shows what they give.
    """
    result, factors = format_result(line.value, digits), []
    for number in range(digits, MOST_DIGITS + 1):
        factors = line.format_factors(number)
        if not line.terms or gives(line, factors, result):
            return FormattedLine(result, factors)
    computed = line.compute(factors)
    if computed.is_finite() and math.isfinite(line.value):
        result = format_result(float(computed), digits)
    return FormattedLine(result, factors)


def gives(
    line: Line,
    factors: Sequence[Sequence[str]],
    result: str,
    context: decimal.Context = EXACT,
) -> bool:
    """Say whether a line as it is written gives its result, however halves are rounded.

    Numbers that are not finite follow the rules of float64, and are not checked.
    """
    if not to_decimal(result).is_finite():
        return True
    with decimal.localcontext(context):
        missed = abs(line.compute(factors, context) - to_decimal(result))
        return missed.is_finite() and missed < last_place(result) / 2


def format_result(value: float, digits: int) -> str:
    """Write a number, with another digit where it is nearly half way between two texts."""
    text = format_number(value, digits)
    if not math.isfinite(value):
        return text
    missed = abs(Decimal(value) - to_decimal(text))
    return text if missed <= NEAR_AN_EDGE * last_place(text) else format_number(value, digits + 1)


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


def to_decimal(text: str) -> Decimal:
    """Read a written number, without any rounding."""
    return Decimal(text.replace(MINUS, "-"))


def last_place(text: str) -> Decimal:
    """Return the value of one unit in the last digit of a written number."""
    mantissa, _, exponent = text.replace(MINUS, "-").partition("e")
    return Decimal(1).scaleb(int(exponent or 0) - len(mantissa.partition(".")[2]), EXACT)


@cache
def _to_python(formula: str) -> CodeType:
    """Turn a formula for people into Python for Decimals."""
    python = formula.replace("√{x}", "sqrt({x})").replace("|{x}|", "abs({x})")
    for sign, written in {"·": "*", "−": "-", "²": "**2", "½": "0.5", "{x}": "x"}.items():
        python = python.replace(sign, written)
    return compile(re.sub(r"\d+\.?\d*(e-?\d+)?", r"Decimal('\g<0>')", python), formula, "eval")


def _root(x: Decimal) -> Decimal:
    return max(x, Decimal(0)).sqrt()


def _sign(x: Decimal) -> Decimal:
    return Decimal((x > 0) - (x < 0))


def _sigmoid(x: Decimal) -> Decimal:
    return 1 / (1 + (-x).exp())


def _tanh(x: Decimal) -> Decimal:
    small = (-2 * abs(x)).exp()
    return ((1 - small) / (1 + small)).copy_sign(x)


def _below(x: Decimal) -> Decimal:
    """Φ(x), the normal distribution, as exactly as a float can say it."""
    return Decimal(math.erfc(-float(x) / math.sqrt(2)) / 2)


def _bell(x: Decimal) -> Decimal:
    """φ(x), the normal density, as exactly as a float can say it."""
    return Decimal(math.exp(-(float(x) ** 2) / 2) / math.sqrt(2 * math.pi))


FUNCTIONS: dict[str, Any] = {
    "__builtins__": {},
    "Decimal": Decimal,
    "abs": abs,
    "max": max,
    "min": min,
    "sqrt": _root,
    "exp": Decimal.exp,
    "log": Decimal.ln,
    "tanh": _tanh,
    "sign": _sign,
    "σ": _sigmoid,
    "Φ": _below,
    "φ": _bell,
}
