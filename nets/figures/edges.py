"""Edges of the diagram: how each weight's line follows the numbers."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.network import Network
from nets.figures.colours import DIVERGING, colours_for, round_scale
from nets.figures.diagram_style import MAX_EDGES, DiagramStyle, DiagramValues
from nets.figures.neurons import NEW_WEIGHT, Visibility

Change = dict[str, Any]
BINS = 12  # different widths where many edges share a line
WIDEST, THINNEST = 7.0, 0.8  # pixels
DASH = "5px,3px"
FIRST, NOT_DRAWN = "A", "."  # letters for the browser: the first shared line, and no line


@dataclass(frozen=True)
class EdgeValues:
    """What the edges and biases show, in the order of `DiagramStyle.edges`.

    Attributes:
        shares: each value as a share of its scale, from -1 to 1; larger values are cut off.
        bias_shares: the same for biases, on the same scale.
        highlighted: whether an edge has full colour; all others are faded.
        quantity: what the highlighted edges show: one of `COLOURINGS`, or `NEW_WEIGHT`.
        scale: the magnitude at the end of their scale.
    """

    shares: Float[Tensor, " edges"]
    bias_shares: Float[Tensor, " biases"]
    highlighted: list[bool]
    quantity: str
    scale: float


def edge_values(style: DiagramStyle, numbers: DiagramValues, visibility: Visibility) -> EdgeValues:
    """Collect what the edges and biases show."""
    columns = {kind: _columns(kind, numbers) for kind in dict.fromkeys(visibility.edges)}
    scales = {kind: _scale(kind, style, pairs) for kind, pairs in columns.items()}
    shares, highlighted = ([], []), []
    for layer, kind in enumerate(visibility.edges, start=1):
        for values, into in zip(columns[kind][layer - 1], shares, strict=True):
            into.append((values.flatten() / scales[kind]).nan_to_num(0.0).clamp(-1, 1))
        highlighted += [layer in visibility.highlighted] * len(shares[0][-1])
    quantity = visibility.edges[min(visibility.highlighted, default=1) - 1]
    weights, biases = map(torch.cat, shares)
    return EdgeValues(weights, biases, highlighted, quantity, scales[quantity])


def count_beyond(network: Network, scale: float) -> int:
    """Count the weights beyond the ends of a scale: there all lines are equally thick."""
    return sum(int((layer.weights.abs() > scale).sum()) for layer in network.layers)


def is_outgrown(network: Network, scale: float) -> bool:
    """Say whether a third of the weights or more is beyond the ends of a scale."""
    weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(network.sizes))
    return 3 * count_beyond(network, scale) >= weights


def _columns(kind: str, numbers: DiagramValues) -> list[tuple[Tensor, Tensor]]:
    """Return one number for each weight and each bias, layer by layer."""
    network, parameters = numbers.network, numbers.network.parameters
    match kind:
        case "weight":
            pass
        case "gradient" if numbers.gradients is not None:
            biases = numbers.bias_gradients or numbers.gradients.biases
            return list(zip(numbers.gradients.weights, biases, strict=True))
        case _ if numbers.change is None:
            parameters = torch.zeros_like(parameters)
        case _:
            parameters = numbers.change + (parameters if kind == NEW_WEIGHT else 0)
    layers = network.with_parameters(parameters).layers
    return [(layer.weights, layer.biases) for layer in layers]


def _scale(kind: str, style: DiagramStyle, pairs: list[tuple[Tensor, Tensor]]) -> float:
    """Return the run's fixed scale for weights, and a scale that fits for all else."""
    if "weight" in kind:
        return style.scale
    return round_scale(torch.cat([values.flatten() for pair in pairs for values in pair]))


def line_styles(edges: EdgeValues, style: DiagramStyle) -> Change:
    """Return colour, width and dashes of each edge's line, where each edge has its own."""
    colours = colours_for(edges.shares, -1, 1, DIVERGING)
    if not all(edges.highlighted):
        faded = colours_for(edges.shares, -1, 1, style.theme.faded)
        rows = zip(edges.highlighted, colours, faded, strict=True)
        colours = [full if highlighted else pale for highlighted, full, pale in rows]
    return {
        "line.color": colours,
        "line.width": [line_width(share) for share in edges.shares.abs().tolist()],
        "line.dash": [DASH if negative else "solid" for negative in (edges.shares < 0).tolist()],
    }


def line_codes(edges: EdgeValues) -> str:
    """Return a letter for each edge: which shared line it belongs to. Faded ones are not drawn."""
    sizes = edges.shares.abs()
    bins = (sizes * BINS).long().clamp(max=BINS - 1)
    letters = bins + BINS * (edges.shares >= 0) + ord(FIRST)  # 0 is not below 0: no dashes
    drawn = torch.tensor(edges.highlighted)
    count = int(drawn.sum())
    if count > MAX_EDGES:
        weakest = sizes.masked_fill(~drawn, 2.0).topk(count - MAX_EDGES, largest=False).indices
        drawn[weakest] = False
    letters[~drawn] = ord(NOT_DRAWN)
    return bytes(letters.tolist()).decode()


def line_width(share: float) -> float:
    """Return the width in pixels for a magnitude, from 0 to 1 of the scale."""
    return round(THINNEST + (WIDEST - THINNEST) * share, 2)
