"""Edges: how each weight's line follows the numbers."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Gradients
from nets.engine.network import Layer, Network
from nets.figures.colours import DIVERGING, scale_of, shades_of
from nets.figures.diagram_style import MOST_EDGES, DiagramStyle, DiagramValues
from nets.figures.visibility import NEW_WEIGHT, Visibility

Change = dict[str, Any]
BINS = 12  # magnitudes told apart when many edges share a line
WIDEST, THINNEST = 7.0, 0.8
DASH = "5px,3px"
FIRST, NOT_DRAWN = "A", "."


@dataclass(frozen=True)
class Edges:
    """Every edge's number as a share of its scale, from -1 to 1, and whether it stands out.

    Attributes:
        shares: in the order of the edges; beyond its scale a number is its end.
        strong: likewise.
        shown: what colours the edges that stand out.
        scale: the magnitude at which their colour ends.
    """

    shares: Float[Tensor, " edges"]
    strong: list[bool]
    shown: str
    scale: float


def edges_of(look: DiagramStyle, numbers: DiagramValues, revealed: Visibility) -> Edges:
    """Collect what the edges show."""
    columns = {kind: _column(kind, numbers) for kind in dict.fromkeys(revealed.edges)}
    scales = {kind: _scale(kind, look, column) for kind, column in columns.items()}
    shares, strong = [], []
    for number, kind in enumerate(revealed.edges, start=1):
        values = columns[kind][number - 1]
        shares.append((values / scales[kind]).nan_to_num(0.0).clamp(-1, 1))
        strong += [number in revealed.strong] * len(values)
    shown = revealed.edges[min(revealed.strong, default=1) - 1]
    return Edges(torch.cat(shares), strong, shown, scales[shown])


def _column(kind: str, numbers: DiagramValues) -> list[Tensor]:
    """Look up one number a weight, layer by layer."""
    match kind:
        case "weight":
            return [layer.weights.flatten() for layer in numbers.network.layers]
        case "gradient" if numbers.gradients is not None:
            return [gradient.flatten() for gradient in numbers.gradients.weights]
        case _ if numbers.change is None:
            return [torch.zeros(layer.weights.numel()) for layer in numbers.network.layers]
        case _:
            parameters = numbers.change
            if kind == NEW_WEIGHT:
                parameters = parameters + numbers.network.parameters
            layers = numbers.network.with_parameters(parameters).layers
            return [layer.weights.flatten() for layer in layers]


def _scale(kind: str, look: DiagramStyle, column: list[Tensor]) -> float:
    """Weights have a scale that is frozen for the run; gradients and changes one of their own."""
    return look.scale if "weight" in kind else scale_of(torch.cat(column))


def lines(edges: Edges, look: DiagramStyle) -> Change:
    """Give each edge a line of its own: colour, width and dashes."""
    bright = shades_of(edges.shares, -1, 1, DIVERGING)
    if not all(edges.strong):
        faded = shades_of(edges.shares, -1, 1, look.theme.faded)
        both = zip(edges.strong, bright, faded, strict=True)
        bright = [strong if stands_out else weak for stands_out, strong, weak in both]
    return {
        "line.color": bright,
        "line.width": [width_of(share) for share in edges.shares.abs().tolist()],
        "line.dash": [DASH if below else "solid" for below in (edges.shares < 0).tolist()],
    }


def codes(edges: Edges) -> str:
    """Say for each edge which shared line it is part of; only those that stand out are drawn."""
    sizes = edges.shares.abs()
    bins = (sizes * BINS).long().clamp(max=BINS - 1)
    letters = bins + BINS * (edges.shares > 0) + ord(FIRST)
    strong = torch.tensor(edges.strong)
    count = int(strong.sum())
    if count > MOST_EDGES:
        weak = sizes.masked_fill(~strong, 2.0).topk(count - MOST_EDGES, largest=False).indices
        strong[weak] = False
    letters[~strong] = ord(NOT_DRAWN)
    return bytes(letters.tolist()).decode()


def width_of(share: float) -> float:
    """Give a magnitude, 0 to 1 of the scale, its width in pixels."""
    return round(THINNEST + (WIDEST - THINNEST) * share, 2)


def weights_and_biases(
    layers: Network | Gradients,
) -> tuple[Float[Tensor, " edges"], Float[Tensor, " biases"]]:
    """All weights and all biases, in the order of the edges and of the neurons."""
    pairs = (
        list(map(_pair, layers.layers))
        if isinstance(layers, Network)
        else list(zip(layers.weights, layers.biases, strict=True))
    )
    weights, biases = zip(*pairs, strict=True)
    return torch.cat([w.flatten() for w in weights]), torch.cat([b.flatten() for b in biases])


def _pair(layer: Layer) -> tuple[Tensor, Tensor]:
    return layer.weights, layer.biases
