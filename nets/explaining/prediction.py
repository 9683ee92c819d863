"""Prediction: a number that a learner works out before it is revealed."""

from dataclasses import dataclass

from nets.explaining.arithmetic import Line, read, unit_of, written
from nets.explaining.derivation import lines_of
from nets.explaining.factors import Factors
from nets.explaining.phases import Phase


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
    factors: Factors, phase: Phase, neuron: int, source: int | None = None
) -> Question:
    """Ask for what a phase computes of a neuron, or for a new weight or bias."""
    lines = lines_of(factors, phase, neuron, source)
    if phase.step == "backward":
        lines = lines[:-1]  # its δ, without the gradient that follows from it
    return Question(factors.step.run.epoch, factors.step.batch, phase, tuple(lines))


def is_right(question: Question, answer: float, digits: int) -> bool:
    """Say whether an answer, rounded, reads like the number as it is shown."""
    shown = written(question.wanted.value, digits)
    return abs(answer - read(shown)) <= unit_of(shown) / 2 * (1 + 1e-9)
