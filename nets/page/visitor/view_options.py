"""Pictures: which ones of what the network has learned are wanted."""

from dataclasses import dataclass
from typing import Self

from nets.analysis.decision_map import MAX_AXES, count_axes
from nets.data.datasets import ALL_DATASETS
from nets.training.run import Run

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
        """Return what a run shows at first: a map only of data that have a pattern."""
        has_pattern = ALL_DATASETS[run.config.data].has_pattern
        mapped = has_pattern and count_axes(run) <= MAX_AXES
        return cls(map=mapped, in_neurons=mapped and len(run.data) > MANY)
