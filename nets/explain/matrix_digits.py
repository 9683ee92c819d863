"""Digits of matrices: as many as it takes to follow every equation with the numbers as written."""

import decimal
import math
from collections import defaultdict
from collections.abc import Iterable

from nets.explain.arithmetic import (
    Factor,
    Line,
    Term,
    format_number,
    format_result,
    gives,
    to_decimal,
)
from nets.explain.equations import Equation

PRECISION = 50  # of the calculations, in digits of a result near 1
MOST_DIGITS = 15  # of a number; float64 keeps them through a calculation
NOISE = 1e-12  # of the terms of a sum: a result below it is what rounding has left of 0


class FormattedNumbers:
    """The numbers of a phase's equations as texts, each with some digits or with more.

    A person who computes any result from the numbers as they are written, and rounds to its digits,
    gets the result as it is written. Where this needs more digits, the number that causes most of
    the difference gets another one, until every result follows. A result may be a factor of another
    equation; then it has the digits that are needed there.
    """

    def __init__(self, equations: Iterable[Equation], digits: int) -> None:
        lines = [line for each in equations for line in each.lines() if _is_finite(line)]
        self._results = {line.name: line for line in lines}
        self._users: dict[str, set[str]] = defaultdict(set)  # the results that need a number
        self._digits: dict[str, int] = defaultdict(lambda: digits)
        self._corrected: dict[str, float] = {}  # results that float64 has rounded to another number
        for line in lines:
            for factor in _factors(line):
                self._users[factor.symbol].add(line.name)
            self._correct_noise(line)
        self._settle(lines)

    def _correct_noise(self, line: Line) -> None:
        """Make a sum 0 that float64 has rounded to nearly 0, and what is computed from it."""
        if line.function is not None and not line.function.is_share:
            return
        products = [self._product(term) for term in line.terms]
        if abs(line.value) <= NOISE * sum(map(abs, products)) or not any(products):
            self._corrected[line.name] = 0.0

    def text(self, number: Factor) -> str:
        """Write a number as it is shown."""
        if number.exact:
            return number.format(0)
        write = format_result if number.symbol in self._results else format_number
        return write(self._value(number), self._digits[number.symbol])

    def _settle(self, lines: list[Line]) -> None:
        """Add digits until every line gives its result. The last line of a phase comes first."""
        waiting = lines.copy()
        while waiting:
            line = waiting.pop()
            while not self._holds(line) and (changed := self._improve(line)):
                others = (self._users[changed] | {changed} & self._results.keys()) - {line.name}
                waiting += [self._results[name] for name in others]

    def _holds(self, line: Line) -> bool:
        """Say whether a line gives its result with its numbers as they are written."""
        result = self.text(line.to_factor())
        precision = PRECISION - min(to_decimal(result).adjusted(), 0)
        return gives(line, self._texts(line), result, decimal.Context(precision, traps=[]))

    def _texts(self, line: Line) -> list[list[str]]:
        return [[self.text(factor) for factor in term.factors] for term in line.terms]

    def _improve(self, line: Line) -> str | None:
        """Change the text of one number of a line that does not hold, and return its name.

        The factor whose rounding changes the line most gets another digit. Where all digits of the
        factors do not help, float64 has rounded earlier; then the result is what they give, once.
        """
        errors: dict[str, float] = defaultdict(float)
        for term in line.terms:
            product = self._product(term)
            for factor in term.factors:
                errors[factor.symbol] += abs(product * self._relative_error(factor))
        worst = max(errors, key=errors.__getitem__)
        if errors[worst] and self._digits[worst] < MOST_DIGITS:
            self._digits[worst] += 1
            return worst
        if line.name in self._corrected:
            return None
        self._corrected[line.name] = float(line.compute(self._texts(line)))
        return line.name

    def _value(self, factor: Factor) -> float:
        return self._corrected.get(factor.symbol, factor.value)

    def _product(self, term: Term) -> float:
        return math.prod(map(self._value, term.factors))

    def _relative_error(self, factor: Factor) -> float:
        """Compare a number as it is written with the number itself."""
        value = self._value(factor)
        written = float(to_decimal(self.text(factor)))
        return (written - value) / value if value else 0.0


def _factors(line: Line) -> list[Factor]:
    return [factor for term in line.terms for factor in term.factors if not factor.exact]


def _is_finite(line: Line) -> bool:
    return all(math.isfinite(factor.value) for factor in [line.to_factor(), *_factors(line)])
