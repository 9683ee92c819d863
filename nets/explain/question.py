"""Prediction: a number that a learner works out before it is revealed."""

from dataclasses import dataclass

from nets.explain.arithmetic import Line, format_number, last_digit_unit, parse_number
from nets.explain.derivation import lines_of
from nets.explain.phases import Phase
from nets.explain.quantities import Quantities


@dataclass(frozen=True)
class Question:
    """One number of a phase, asked for before the phase is revealed.

    Attributes:
        epoch, batch: of which update.
        phase: in which it is computed.
        lines: that lead to it, the number itself last.
    """

    epoch: int
    batch: int
    phase: Phase
    lines: tuple[Line, ...]

    @property
    def wanted(self) -> Line:
        """The line of the number that is asked for."""
        return self.lines[-1]


def question_about(
    factors: Quantities, phase: Phase, neuron: int, source: int | None = None
) -> Question:
    """Ask for what a phase computes of a neuron, or for a new weight or bias."""
    lines = lines_of(factors, phase, neuron, source)
    if phase.step == "backward":
        lines = lines[:-1]  # its δ, without the gradient that follows from it
    return Question(factors.step.run.epoch, factors.step.batch, phase, tuple(lines))


def is_right(question: Question, answer: float, digits: int) -> bool:
    """Say whether an answer, rounded, reads like the number as it is shown."""
    shown = format_number(question.wanted.value, digits)
    return abs(answer - parse_number(shown)) <= last_digit_unit(shown) / 2 * (1 + 1e-9)
