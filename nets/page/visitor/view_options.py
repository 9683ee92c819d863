"""Pictures: which ones of what the network has learned are wanted."""

from dataclasses import dataclass
from typing import Self

from nets.analysis.decision_map import MOST_AXES, axes_of
from nets.training.advance import Run

MANY = 16  # examples, beyond which a neuron says more by its map than by one example's activation


@dataclass(frozen=True)
class ViewOptions:
    """What is wanted.

    Attributes:
        map: the picture of what the network, or the chosen neuron, gives.
        in_neurons: a small one in each neuron, in place of one example's activation.
        as_classes: pictures that show which side an answer is on, not how far.
    """

    map: bool = False
    in_neurons: bool = False
    as_classes: bool = False

    @classmethod
    def suiting(cls, run: Run) -> Self:
        """Return what one wants to see of a run, unless one says otherwise.

        The notebook's data are random numbers, of which no picture shows anything.
        """
        drawn = run.config.data != "notebook" and axes_of(run).shape[1] <= MOST_AXES
        return cls(map=drawn, in_neurons=drawn and len(run.data) > MANY)
