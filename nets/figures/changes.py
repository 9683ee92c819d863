"""Changes to the diagram: the properties that follow the numbers, and nothing else.

A change is sent to the browser for every epoch, so it is short: one list for each property, in the
order of the skeleton's parts.
"""

from collections.abc import Iterable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.network import Network
from nets.explain.arithmetic import Factor, Line, Term, format_line
from nets.explain.phases import Phase
from nets.figures.diagram_style import DiagramStyle, DiagramValues
from nets.figures.edges import (
    EdgeValues,
    count_beyond,
    edge_values,
    is_outgrown,
    line_codes,
    line_styles,
)
from nets.figures.neurons import (
    fill_biases,
    fill_neurons,
    format_numbers,
    neuron_symbols,
    outlines,
    visibility_in,
)

Change = dict[str, Any]
DIGITS = 6


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
        "biases": fill_biases(style, edges.bias_shares, visibility),
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
        traces["neurons"]["marker.symbol"] = neuron_symbols(style, numbers, visibility)
        traces["colour bar"] = _colour_bar(edges)
        traces["note"] = {"text": [_note(style, numbers.network)]}
        traces["edges"] = {}
        _add_hover_texts(traces, style, numbers)
    return change


def _note(style: DiagramStyle, network: Network) -> str:
    """Say how many weights are beyond the ends of the scale, if they are many."""
    if not is_outgrown(network, style.scale):
        return ""
    count = f"{count_beyond(network, style.scale)} of {len(style.edges)}"
    return f"{count} weights are beyond the colour scale: see New scale in View."


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
    weights, biases = _flatten((layer.weights, layer.biases) for layer in numbers.network.layers)
    if numbers.phase == Phase("update") and numbers.change is not None:
        layers = numbers.network.with_parameters(numbers.change).layers
        changes = _flatten((layer.weights, layer.biases) for layer in layers)
        values = [before_and_after(*pair) for pair in zip((weights, biases), changes, strict=True)]
    else:
        values = [format_numbers(column) for column in (weights, biases)]
    slopes = _slopes(numbers) or [["…"] * len(column) for column in values]
    for name, value, slope in zip(("edges", "biases"), values, slopes, strict=True):
        if name == "biases" or style.separate_lines:
            traces[name]["customdata"] = [list(pair) for pair in zip(value, slope, strict=True)]


def before_and_after(
    old: Float[Tensor, " n"], change: Float[Tensor, " n"], digits: int = DIGITS
) -> list[str]:
    """Write each parameter as "old + (change) = new", so that it adds up."""
    texts: list[str] = []
    for before, more in zip(old.tolist(), change.tolist(), strict=True):
        terms = Term((Factor("old", before),)), Term((Factor("change", more),))
        shown = format_line(Line("new", before + more, terms), digits)
        ((first,), (second,)) = shown.factors
        texts.append(f"{first} + ({second}) = {shown.result}")
    return texts


def _slopes(numbers: DiagramValues) -> list[list[str]]:
    """Write the gradients of all weights and of all biases; nothing before they are computed."""
    gradients, own = numbers.gradients, numbers.bias_gradients
    if gradients is None or numbers.phase not in (None, Phase("update")):
        return []
    pairs = zip(gradients.weights, own or gradients.biases, strict=True)
    weights, biases = map(format_numbers, _flatten(pairs))
    if own is not None:
        sums = format_numbers(torch.cat([total.flatten() for total in gradients.biases]))
        rows = zip(biases, sums, strict=True)
        biases = [f"{one}<br>used instead: {total}, the sum over the layer" for one, total in rows]
    when = " before the update" if numbers.phase else ""
    return [[text + when for text in column] for column in (weights, biases)]


def _flatten(pairs: Iterable[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """Return what belongs to all weights and to all biases, in the diagram's order."""
    weights, biases = zip(*pairs, strict=True)
    return torch.cat([w.flatten() for w in weights]), torch.cat([b.flatten() for b in biases])
