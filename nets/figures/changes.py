"""Changes to the diagram: the properties that follow the numbers, and nothing else.

A change is sent to the browser for every epoch, so it is short: one list for each property, in the
order of the skeleton's parts.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Gradients
from nets.engine.network import Network
from nets.explain.phases import Phase
from nets.figures.diagram_style import DiagramStyle, DiagramValues
from nets.figures.edges import EdgeValues, edge_values, line_codes, line_styles
from nets.figures.neurons import (
    fill_biases,
    fill_neurons,
    format_numbers,
    outlines,
    visibility_in,
)

Change = dict[str, Any]


def diagram_change(style: DiagramStyle, numbers: DiagramValues, *, whole: bool = True) -> Change:
    """Return the change with which a diagram shows other numbers.

    Args:
        style: of the diagram.
        numbers: what it shows after the change.
        whole: whether to include outlines, the colour bar and the texts of hover boxes.

    Returns:
        `traces`: lists by the trace's name and the property's path; `shapes`: lists by path, if
        each edge has its own line; otherwise `codes`, a letter for each edge; and where neurons
        show maps `pictures`: image sources by the trace's name, "" for a plain colour.
    """
    visibility = visibility_in(numbers.phase, len(style.sizes) - 1, numbers.colour_by)
    edges = edge_values(style, numbers, visibility)
    traces = {
        "biases": fill_biases(style, numbers, visibility),
        "neurons": fill_neurons(style, numbers, visibility),
    }
    change: Change = {"traces": traces}
    if style.separate_lines:
        change["shapes"] = line_styles(edges, style)
    else:
        change["codes"] = line_codes(edges)
    if style.maps:
        maps = numbers.maps if numbers.phase is None else None
        change["pictures"] = {"neurons": maps or [""] * sum(style.sizes)}
    if whole:
        for name, outline in outlines(style, visibility).items():
            traces[name] |= outline
        traces["colour bar"] = _colour_bar(edges)
        traces["edges"] = {}
        _add_hover_texts(traces, style, numbers)
    return change


def _colour_bar(edges: EdgeValues) -> Change:
    """Write what the colours show, and the numbers at both ends."""
    end = f"{edges.scale:g}".replace("-", "−")
    return {
        "marker.colorbar.title.text": edges.quantity.removeprefix("new ").removeprefix("last "),
        "marker.colorbar.ticktext": [f"≤ −{end}", "0", f"≥ {end}"],
    }


def _add_hover_texts(
    traces: dict[str, Change], style: DiagramStyle, numbers: DiagramValues
) -> None:
    """Add value and gradient of biases, and of edges that have their own line."""
    values = [format_numbers(column) for column in _weights_and_biases(numbers.network)]
    slopes = [["…"] * len(column) for column in values]
    if numbers.phase == Phase("update") and numbers.change is not None:
        values = _before_and_after(numbers.network, numbers.change)
    if numbers.gradients is not None and numbers.phase in (None, Phase("update")):
        slopes = [format_numbers(column) for column in _weights_and_biases(numbers.gradients)]
    for name, value, slope in zip(("edges", "biases"), values, slopes, strict=True):
        if name == "biases" or style.separate_lines:
            traces[name]["customdata"] = [list(pair) for pair in zip(value, slope, strict=True)]


def _before_and_after(network: Network, change: Float[Tensor, " n_parameters"]) -> list[list[str]]:
    """Write each parameter as "old + (change) = new"."""
    three = network.parameters, change, network.parameters + change
    columns = (_weights_and_biases(network.with_parameters(part)) for part in three)
    return [
        [
            f"{old} + ({more}) = {new}"
            for old, more, new in zip(*map(format_numbers, parts), strict=True)
        ]
        for parts in zip(*columns, strict=True)
    ]


def _weights_and_biases(
    values: Network | Gradients,
) -> tuple[Float[Tensor, " edges"], Float[Tensor, " biases"]]:
    """Return all weights and all biases, or their gradients, in the diagram's order."""
    if isinstance(values, Network):
        weights = [layer.weights for layer in values.layers]
        biases = [layer.biases for layer in values.layers]
    else:
        weights, biases = values.weights, values.biases
    return torch.cat([w.flatten() for w in weights]), torch.cat([b.flatten() for b in biases])
