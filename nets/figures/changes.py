"""Changes: the columns of a diagram that follow the numbers, and nothing else.

Changes travel to the browser at every epoch, so they are short: a column a property, in the order
in which the skeleton has its parts.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.activity import Gradients
from nets.figures.look import MOST_EDGES, Look, Numbers
from nets.figures.palette import DIVERGING, shades_of
from nets.network import Network

Change = dict[str, Any]
BINS = 12  # magnitudes told apart when many edges share a line
WIDEST, THINNEST = 7.0, 0.8
DASH = "5px,3px"
FIRST, NOT_DRAWN = "A", "."


def change(look: Look, numbers: Numbers) -> Change:
    """Return what a diagram needs to show other numbers.

    `traces` holds columns by the trace's name and the property's path, `shapes` columns for the
    edges where each is a line of its own, `codes` a letter an edge where edges share lines.
    """
    network, activity = numbers.network, numbers.activity
    weights, biases = _flat(network)
    answers = torch.cat([activity.inputs[0][0], *(a[0] for a in activity.outputs)])
    columns: Change = {
        "traces": {
            "biases": {"marker.color": shades_of(biases, -look.scale, look.scale, DIVERGING)},
            "neurons": _neurons(look, answers),
        }
    }
    if look.single:
        columns["shapes"] = _lines(look, weights)
    else:
        columns["codes"] = _codes(look, weights)
    if numbers.gradients is not None:
        columns["traces"]["edges"] = {}
        _add_hover(columns["traces"], look, (weights, biases), numbers.gradients)
    return columns


def applied(figure: dict[str, Any], change: Change) -> dict[str, Any]:
    """Make a change to a figure, in place, as the browser does; return the figure."""
    for name, columns in change.get("traces", {}).items():
        trace = next(trace for trace in figure["data"] if trace["name"] == name)
        for path, column in columns.items():
            _put(trace, path, column)
    for path, column in change.get("shapes", {}).items():
        for shape, value in zip(figure["layout"]["shapes"], column, strict=False):
            _put(shape, path, value)
    if "codes" in change:
        for number in range(2 * BINS):
            mine = chr(ord(FIRST) + number)
            pairs = zip(figure["segments"], change["codes"], strict=True)
            path = "".join(segment for segment, code in pairs if code == mine)
            figure["layout"]["shapes"][number]["path"] = path or "M0 0"
    return figure


def width_of(share: float) -> float:
    """Give a magnitude, 0 to 1 of the scale, its width in pixels."""
    return round(THINNEST + (WIDEST - THINNEST) * share, 2)


def short(values: Float[Tensor, " n"]) -> list[str]:
    """Write numbers with six digits, and with a real minus sign."""
    return [f"{value:.6g}".replace("-", "−") for value in values.tolist()]


def brief(value: float) -> str:
    """Write a number so that it fits into a neuron: 0.31, −12.4, 3e+06."""
    size = abs(value)
    text = f"{value:.{2 if size < 10 else 1}f}" if size < 100 else f"{value:.0f}"
    return (text if size < 1000 else f"{value:.0e}").replace("-", "−")


def _flat(layers: Network | Gradients) -> tuple[Tensor, Tensor]:
    """All weights and all biases, in the order of the edges and of the neurons."""
    pairs = (
        [(layer.weights, layer.biases) for layer in layers.layers]
        if isinstance(layers, Network)
        else list(zip(layers.weights, layers.biases, strict=True))
    )
    weights, biases = zip(*pairs, strict=True)
    return torch.cat([w.flatten() for w in weights]), torch.cat([b.flatten() for b in biases])


def _neurons(look: Look, answers: Float[Tensor, " neurons"]) -> Change:
    """Fill by activation; write the value where there is room."""
    theme = look.theme
    columns: Change = {
        "marker.color": shades_of(answers, -0.1, 1.1, theme.fills),
        "customdata": short(answers),
    }
    if look.shows_values:
        columns["text"] = [brief(value) for value in answers.tolist()]
        on_high, on_low = theme.text_on_high, theme.text_on_low
        columns["textfont.color"] = [on_high if a > 0.55 else on_low for a in answers.tolist()]
    return columns


def _lines(look: Look, weights: Float[Tensor, " edges"]) -> Change:
    return {
        "line.color": shades_of(weights, -look.scale, look.scale, DIVERGING),
        "line.width": [width_of(share) for share in _shares(look, weights).tolist()],
        "line.dash": [DASH if below else "solid" for below in (weights < 0).tolist()],
    }


def _codes(look: Look, weights: Float[Tensor, " edges"]) -> str:
    """Say for each edge which shared line it is part of."""
    bins = (_shares(look, weights) * BINS).long().clamp(max=BINS - 1)
    codes = bins + BINS * (weights > 0) + ord(FIRST)
    if len(weights) > MOST_EDGES:
        codes[weights.abs().topk(len(weights) - MOST_EDGES, largest=False).indices] = ord(NOT_DRAWN)
    return bytes(codes.tolist()).decode()


def _shares(look: Look, weights: Float[Tensor, " edges"]) -> Float[Tensor, " edges"]:
    return (weights.abs() / look.scale).nan_to_num(0.0).clamp(max=1)


def _add_hover(
    traces: dict[str, Change], look: Look, values: tuple[Tensor, Tensor], gradients: Gradients
) -> None:
    """Add value and gradient for the hover boxes of single edges and of biases."""
    slopes = _flat(gradients)
    for name, value, slope in zip(("edges", "biases"), values, slopes, strict=True):
        if name == "biases" or look.single:
            pairs = zip(short(value), short(slope), strict=True)
            traces[name]["customdata"] = [list(pair) for pair in pairs]


def _put(target: dict[str, Any], path: str, value: object) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        target = target.setdefault(parent, {})
    target[last] = value
