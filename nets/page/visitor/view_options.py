"""View options: which pictures of the network's predictions are shown."""

from dataclasses import dataclass
from typing import Self

from nets.analysis.decision_map import MAX_AXES, count_axes
from nets.data.datasets import ALL_DATASETS
from nets.training.run import Run

MANY = 16  # examples; with more, a map in a neuron says more than the activation for one example


@dataclass(frozen=True)
class ViewOptions:
    """Which pictures are shown.

    Attributes:
        map: a large picture of the output of the network, or of the selected neuron.
        in_neurons: a small picture in each neuron instead of the activation for one example.
        as_classes: whether pictures show only the predicted class, not how clear it is.
    """

    map: bool = False
    in_neurons: bool = False
    as_classes: bool = False

    @classmethod
    def suiting(cls, run: Run) -> Self:
        """Return the pictures that a run shows at first: a map only for data with a pattern."""
        has_pattern = ALL_DATASETS[run.config.data].has_pattern
        mapped = has_pattern and count_axes(run) <= MAX_AXES
        return cls(map=mapped, in_neurons=mapped and len(run.data) > MANY)
