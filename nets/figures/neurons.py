"""Fills: how neurons and biases follow the numbers."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.figures.colours import DIVERGING, TEXT_ON_PALE, TEXT_ON_STRONG, shades_of
from nets.figures.diagram_style import DiagramStyle, DiagramValues
from nets.figures.edges import weights_and_biases
from nets.figures.visibility import ACTIVATION, DELTA, UNKNOWN, Visibility

Change = dict[str, Any]
BOLD_OUTLINE, NEURON_OUTLINE, BIAS_OUTLINE = 3.5, 1.5, 1  # widths in pixels


def neurons(look: DiagramStyle, numbers: DiagramValues, revealed: Visibility) -> Change:
    """Fill by activation or delta; write the value where there is room."""
    values = _values(numbers, revealed)
    each = [
        kind for kind, size in zip(revealed.neurons, look.sizes, strict=True) for _ in range(size)
    ]
    fills, inks = shades_of(values, -0.1, 1.1, look.theme.fills), _inks(look, values)
    if DELTA in revealed.neurons:
        _fill_deltas(fills, inks, values, each)
    if UNKNOWN in revealed.neurons:
        fills = [
            look.theme.paper if kind == UNKNOWN else f for f, kind in zip(fills, each, strict=True)
        ]
    columns: Change = {"marker.color": fills, "customdata": _hover(values, each)}
    if look.shows_values:
        columns["text"] = [WRITE[kind](v) for v, kind in zip(values.tolist(), each, strict=True)]
        if look.maps and numbers.phase is None:
            columns["text"] = [""] * len(each)
        columns["textfont.color"] = inks
    return columns


def biases(look: DiagramStyle, numbers: DiagramValues, revealed: Visibility) -> Change:
    """Fill by value; those whose turn it is not fade."""
    _, values = weights_and_biases(numbers.network)
    bright = shades_of(values, -look.scale, look.scale, DIVERGING)
    if len(revealed.strong) < len(look.sizes) - 1:
        faded = shades_of(values, -look.scale, look.scale, look.theme.faded)
        strong = [i in revealed.strong for i, n in enumerate(look.sizes[1:], 1) for _ in range(n)]
        both = zip(strong, bright, faded, strict=True)
        bright = [one if stands_out else other for stands_out, one, other in both]
    return {"marker.color": bright}


def outlines(look: DiagramStyle, revealed: Visibility) -> dict[str, Change]:
    """Outline what is being computed in the third hue; the chosen part too, unknown ones weakly."""
    spots, names, square = look.all_spots, look.ids, look.pixel is not None
    marks = {
        "neurons": [
            (name, spot.layer, NEURON_OUTLINE if spot.layer or not square else 0.5)
            for spot, name in zip(spots, names["neurons"], strict=True)
        ],
        "biases": [
            (name, spot.layer, BIAS_OUTLINE)
            for spot, name in zip(spots[look.sizes[0] :], names["biases"], strict=True)
        ],
    }
    changes: dict[str, Change] = {}
    for name, parts in marks.items():
        bold = [mine == look.selected or layer in revealed.lit for mine, layer, _ in parts]
        changes[name] = {
            "marker.line.width": [
                BOLD_OUTLINE if lit else usual
                for lit, (_, _, usual) in zip(bold, parts, strict=True)
            ],
            "marker.line.color": [
                _outline(look, revealed, layer, bold=lit)
                for lit, (_, layer, _) in zip(bold, parts, strict=True)
            ],
        }
    return changes


def _outline(look: DiagramStyle, revealed: Visibility, layer: int, *, bold: bool) -> str:
    if bold:
        return look.theme.active
    return look.theme.grid if revealed.neurons[layer] == UNKNOWN else look.theme.quiet


def _values(numbers: DiagramValues, revealed: Visibility) -> Float[Tensor, " neurons"]:
    """The number of every neuron, for the example that is shown."""
    activity, gradients, at = numbers.activity, numbers.gradients, numbers.example
    rows = [activity.inputs[0][at], *(a[at] for a in activity.outputs)]
    if gradients is not None and DELTA in revealed.neurons:
        for layer, kind in enumerate(revealed.neurons):
            if kind == DELTA:
                rows[layer] = gradients.deltas[layer - 1][at]
    return torch.cat(rows)


def _inks(look: DiagramStyle, values: Float[Tensor, " neurons"]) -> list[str]:
    on_high, on_low = look.theme.text_on_high, look.theme.text_on_low
    return [on_high if a > 0.55 else on_low for a in values.tolist()]


def _fill_deltas(
    fills: list[str], inks: list[str], values: Float[Tensor, " neurons"], each: list[str]
) -> None:
    """Colour deltas like weights, on the scale of the largest."""
    mine = [at for at, kind in enumerate(each) if kind == DELTA]
    deltas = values[mine]
    end = max(deltas.abs().max().item(), 1e-30)
    shades = shades_of(deltas, -end, end, DIVERGING)
    for at, shade, delta in zip(mine, shades, deltas.tolist(), strict=True):
        fills[at] = shade
        inks[at] = TEXT_ON_STRONG if abs(delta) > 0.5 * end else TEXT_ON_PALE


def _hover(values: Float[Tensor, " neurons"], each: list[str]) -> list[str]:
    words = {ACTIVATION: "", DELTA: "δ = ", UNKNOWN: "not computed yet"}
    pairs = zip(short(values), each, strict=True)
    return [words[kind] if kind == UNKNOWN else words[kind] + text for text, kind in pairs]


def short(values: Float[Tensor, " n"]) -> list[str]:
    """Write numbers with six digits, and with a real minus sign."""
    return [f"{value:.6g}".replace("-", "−") for value in values.tolist()]


def brief(value: float) -> str:
    """Write a number so that it fits into a neuron: 0.31, −12.4, 3e+06."""
    size = abs(value)
    text = f"{value:.{2 if size < 10 else 1}f}" if size < 100 else f"{value:.0f}"
    return (text if size < 1000 else f"{value:.0e}").replace("-", "−")


def brief_small(value: float) -> str:
    """Do so for a number that may be small and must not look like 0: 0.31, −3e−4."""
    if 0 < abs(value) < 0.01:
        return f"{value:.0e}".replace("e-0", "e-").replace("-", "−")
    return brief(value)


WRITE = {ACTIVATION: brief, DELTA: brief_small, UNKNOWN: lambda _: ""}
