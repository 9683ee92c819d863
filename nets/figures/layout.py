"""Where things stand: positions of neurons and the lines between them, without any drawing."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

TOLD_APART = 16  # neurons in a column that are told apart at a glance
PIXEL = 46, 48  # width and height of an input that is a pixel: about a square on the page
GRID = 1000  # the diagram is drawn on a square of GRID by GRID units: whole numbers travel lightly


@dataclass(frozen=True)
class NodePosition:
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


def positions(
    sizes: Sequence[int], picture: tuple[int, int] | None = None
) -> list[list[NodePosition]]:
    """Place every neuron: layers in columns from left to right, each column centred.

    Inputs that are a picture stand in its rows and columns, which end where their column would be.

    Neurons stand equally far apart in all layers, as far as the largest has room for; beside a
    very large one, smaller layers spread until their neurons can be told apart.
    """
    if picture is not None:
        others = positions((1, *sizes[1:]))
        return [_in_rows(*picture), *others[1:]]
    common = max(GRID / max(3, *sizes), GRID / TOLD_APART)
    return [
        [
            NodePosition(
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


def _in_rows(rows: int, columns: int) -> list[NodePosition]:
    """Place pixels, row by row from the top."""
    return [
        NodePosition(
            0,
            row * columns + column,
            (column - columns + 1) * PIXEL[0],
            round(GRID / 2 + ((rows - 1) / 2 - row) * PIXEL[1]),
        )
        for row in range(rows)
        for column in range(columns)
    ]


def edges(sizes: Sequence[int]) -> list[Edge]:
    """List every weight in the order in which a network's weights lie: layer, source, target."""
    return [
        Edge(layer, source, target)
        for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes))
        for source in range(fan_in)
        for target in range(fan_out)
    ]
