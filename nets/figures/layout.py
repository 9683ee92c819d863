"""Where things stand: positions of neurons and the lines between them, without any drawing."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

TOLD_APART = 16  # neurons in a column that are told apart at a glance
GRID = 1000  # the diagram is drawn on a square of GRID by GRID units: whole numbers travel lightly


@dataclass(frozen=True)
class Spot:
    """One neuron's place: layer 0 are the inputs; y grows upwards."""

    layer: int
    index: int
    x: int
    y: int


@dataclass(frozen=True)
class Edge:
    """One weight's line: from neuron `source` of `layer` to neuron `target` of the next."""

    layer: int
    source: int
    target: int


def positions(sizes: Sequence[int]) -> list[list[Spot]]:
    """Place every neuron: layers in columns from left to right, each column centred.

    Neurons stand equally far apart in all layers, as far as the largest has room for; beside a
    very large one, smaller layers spread until their neurons can be told apart.
    """
    common = max(GRID / max(3, *sizes), GRID / TOLD_APART)
    return [
        [
            Spot(
                layer,
                index,
                round(layer * GRID / (len(sizes) - 1)),
                int(GRID / 2 + ((size - 1) / 2 - index) * pitch + 0.5),
            )
            for index in range(size)
        ]
        for layer, size in enumerate(sizes)
        for pitch in [min(common, GRID / size)]
    ]


def edges(sizes: Sequence[int]) -> list[Edge]:
    """List every weight in the order in which a network's weights lie: layer, source, target."""
    return [
        Edge(layer, source, target)
        for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes))
        for source in range(fan_in)
        for target in range(fan_out)
    ]
