"""Neurons and biases of the diagram: what is visible in a phase, as fills, texts and outlines."""

from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.cells import write_own
from nets.explain.phases import Phase
from nets.figures.colours import BELOW, DIVERGING, TEXT_ON_PALE, TEXT_ON_STRONG, colours_for
from nets.figures.diagram_style import DiagramStyle, DiagramValues, NodePosition

Change = dict[str, Any]
BOLD_OUTLINE, NEURON_OUTLINE, PIXEL_OUTLINE, BIAS_OUTLINE = 3.5, 1.5, 0.5, 1.0  # widths in pixels
ACTIVATION, DELTA, UNKNOWN = "a", "δ", ""
BLANK = "\N{NO-BREAK SPACE}"  # an empty text Plotly removes, with the place for the next one
NEW_WEIGHT = "new weight"


@dataclass(frozen=True)
class Visibility:
    """What the parts of a diagram show in a phase, layer by layer.

    Attributes:
        neurons: for each layer, the inputs first: `ACTIVATION`, `DELTA` or `UNKNOWN`.
        edges: what colours the edges into each layer from layer 1 on: one of `COLOURINGS`, or
            `NEW_WEIGHT`.
        highlighted: the layers whose edges and biases have full colour; all others are faded.
        computed: the layers whose neurons and biases this phase computes, which are outlined.
        updated: the layers whose biases alone this phase computes.
    """

    neurons: tuple[str, ...]
    edges: tuple[str, ...]
    highlighted: frozenset[int]
    computed: frozenset[int] = frozenset()
    updated: frozenset[int] = frozenset()


def visibility_in(phase: Phase | None, layers: int, colour_by: str) -> Visibility:
    """Return what a network with this many layers of weights shows in a phase, or at rest (None).

    An edge shows its weight until backpropagation has computed its gradient.
    """
    every, each = frozenset(range(1, layers + 1)), range(1, layers + 1)
    all_known, weights = (ACTIVATION,) * (layers + 1), ("weight",) * layers
    match phase:
        case None:
            return Visibility(all_known, (colour_by,) * layers, every)
        case Phase("forward", now):
            known = tuple(ACTIVATION if i <= now else UNKNOWN for i in range(layers + 1))
            return Visibility(known, weights, frozenset({now}), frozenset({now}))
        case Phase("backward", now):
            return Visibility(
                tuple(DELTA if i >= now else ACTIVATION for i in range(layers + 1)),
                tuple("gradient" if i >= now else "weight" for i in each),
                frozenset({now}),
                frozenset({now}),
            )
        case Phase("update"):
            after = NEW_WEIGHT if colour_by == "weight" else colour_by
            return Visibility(all_known, (after,) * layers, every, updated=every)
        case _:  # the loss compares the output with its target
            return Visibility(all_known, weights, frozenset(), frozenset({layers}))


def fill_neurons(style: DiagramStyle, numbers: DiagramValues, visibility: Visibility) -> Change:
    """Fill neurons by activation or delta, and write the value where there is room."""
    values = _values(numbers, visibility)
    layers = zip(visibility.neurons, style.sizes, strict=True)
    kinds = [kind for kind, size in layers for _ in range(size)]
    fills, inks = colours_for(values, -0.1, 1.1, style.theme.fills), _text_colours(style, values)
    if DELTA in visibility.neurons:
        _fill_deltas(fills, inks, values, kinds)
    if UNKNOWN in visibility.neurons:
        pairs = zip(fills, kinds, strict=True)
        fills = [style.theme.paper if kind == UNKNOWN else fill for fill, kind in pairs]
    columns: Change = {"marker.color": fills, "customdata": _hover_texts(style, values, kinds)}
    if style.shows_values:
        columns["text"] = [FORMATS[kind](v) for v, kind in zip(values.tolist(), kinds, strict=True)]
        if style.maps and numbers.phase is None:
            columns["text"] = [BLANK] * len(kinds)
        columns["textfont.color"] = inks
    return columns


def fill_biases(
    style: DiagramStyle, shares: Float[Tensor, " biases"], visibility: Visibility
) -> Change:
    """Fill biases like edges, by `shares` of the scale; layers without highlight are faded.

    Below 0 a bias is a diamond, so that its sign needs no colour.
    """
    colours = colours_for(shares, -1, 1, DIVERGING)
    if len(visibility.highlighted) < len(style.sizes) - 1:
        faded = colours_for(shares, -1, 1, style.theme.faded)
        layers = [layer for layer, size in enumerate(style.sizes[1:], 1) for _ in range(size)]
        rows = zip(layers, colours, faded, strict=True)
        colours = [full if i in visibility.highlighted else pale for i, full, pale in rows]
    below: list[bool] = (shares < 0).tolist()
    symbols = [BELOW if one else "square" for one in below]
    return {"marker.color": colours, "marker.symbol": symbols}


def neuron_symbols(
    style: DiagramStyle, numbers: DiagramValues, visibility: Visibility
) -> list[str]:
    """Return the shape of each neuron: where it shows a δ below 0, a diamond."""
    pixels = style.sizes[0] if style.image_shape else 0
    symbols = ["square"] * pixels + ["circle"] * (sum(style.sizes) - pixels)
    if DELTA not in visibility.neurons:
        return symbols
    negative: list[bool] = (_values(numbers, visibility) < 0).tolist()
    return [
        BELOW if below and visibility.neurons[node.layer] == DELTA else symbol
        for node, below, symbol in zip(style.nodes, negative, symbols, strict=True)
    ]


def outlines(style: DiagramStyle, visibility: Visibility) -> dict[str, Change]:
    """Outline in `active` what this phase computes and what is selected; all others in grey."""
    inputs, others = style.nodes[: style.sizes[0]], style.nodes[style.sizes[0] :]
    input_width = NEURON_OUTLINE if style.image_shape is None else PIXEL_OUTLINE
    widths = [input_width] * len(inputs) + [NEURON_OUTLINE] * len(others)
    return {
        "neurons": _outlines(style, visibility, style.nodes, style.ids["neurons"], widths),
        "biases": _outlines(
            style,
            replace(visibility, computed=visibility.computed | visibility.updated),
            others,
            style.ids["biases"],
            [BIAS_OUTLINE] * len(others),
        ),
    }


def _outlines(
    style: DiagramStyle,
    visibility: Visibility,
    nodes: list[NodePosition],
    names: list[str],
    usual: list[float],
) -> Change:
    """Return width and colour for each part; `usual` are the widths of parts in grey."""
    widths, colours = [], []
    for node, name, width in zip(nodes, names, usual, strict=True):
        bold = name == style.selected or node.layer in visibility.computed
        known = visibility.neurons[node.layer] != UNKNOWN
        grey = style.theme.quiet if known else style.theme.grid
        widths.append(BOLD_OUTLINE if bold else width)
        colours.append(style.theme.active if bold else grey)
    return {"marker.line.width": widths, "marker.line.color": colours}


def _values(numbers: DiagramValues, visibility: Visibility) -> Float[Tensor, " neurons"]:
    """Return each neuron's activation, delta or 0 (unknown) for the example that is shown."""
    activity, gradients, example = numbers.activity, numbers.gradients, numbers.example
    rows = [activity.inputs[0][example], *(a[example] for a in activity.outputs)]
    for layer, kind in enumerate(visibility.neurons):
        if kind == UNKNOWN:
            rows[layer] = torch.zeros_like(rows[layer])
        elif kind == DELTA and gradients is not None:
            rows[layer] = gradients.deltas[layer - 1][example]
    return torch.cat(rows)


def _text_colours(style: DiagramStyle, values: Float[Tensor, " neurons"]) -> list[str]:
    on_high, on_low = style.theme.text_on_high, style.theme.text_on_low
    return [on_high if a > 0.55 else on_low for a in values.tolist()]


def _fill_deltas(
    fills: list[str], inks: list[str], values: Float[Tensor, " neurons"], kinds: list[str]
) -> None:
    """Replace the colours of neurons that show their delta: a scale up to the largest delta."""
    places = [place for place, kind in enumerate(kinds) if kind == DELTA]
    deltas = values[places]
    largest = max(deltas.abs().max().item(), 1e-30)
    colours = colours_for(deltas, -largest, largest, DIVERGING)
    for place, colour, delta in zip(places, colours, deltas.tolist(), strict=True):
        fills[place] = colour
        inks[place] = TEXT_ON_STRONG if abs(delta) > 0.5 * largest else TEXT_ON_PALE


def _hover_texts(
    style: DiagramStyle, values: Float[Tensor, " neurons"], kinds: list[str]
) -> list[str]:
    """Write each value; a standardised one says so, and what it is in its column's own unit."""
    prefixes = {ACTIVATION: "", DELTA: "δ = "}
    pairs = zip(format_numbers(values), kinds, strict=True)
    texts = [
        "not computed yet" if kind == UNKNOWN else prefixes[kind] + text for text, kind in pairs
    ]
    for place, unit in style.scaled.items():
        if kinds[place] == ACTIVATION:
            own = write_own(unit.own(values[place]).item()).replace("-", "−")
            texts[place] += f" (standardised)<br>in its column’s own unit: {own}"
    return texts


def format_numbers(values: Float[Tensor, " n"]) -> list[str]:
    """Write numbers with six digits, and with a real minus sign."""
    return [f"{value:.6g}".replace("-", "−") for value in values.tolist()]


def format_short(value: float) -> str:
    """Write a number in at most six characters, to fit into a neuron: 0.31, −12.4, 3e+06."""
    size = abs(value)
    text = f"{value:.{2 if size < 10 else 1}f}" if size < 100 else f"{value:.0f}"
    return (text if size < 1000 else f"{value:.0e}").replace("-", "−")


def format_small(value: float) -> str:
    """Write a number that may be small and must not look like 0: 0.31, −3e−4."""
    if 0 < abs(value) < 0.01:
        return f"{value:.0e}".replace("e-0", "e-").replace("-", "−")
    return format_short(value)


FORMATS = {ACTIVATION: format_short, DELTA: format_small, UNKNOWN: lambda _: BLANK}
