"""What a neuron, or all outputs, give: over one input as a curve, over two as a map."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.data.examples import Data
from nets.figures.colours import Theme, base_layout, colour_bar
from nets.figures.heat_map import Scale
from nets.figures.scatter import (
    Subject,
    axis,
    digits_for,
    hover_texts,
    point_colours,
    point_symbols,
    point_trace,
    round_coordinates,
    sample_indices,
    title,
)

Figure = dict[str, Any]
Range = tuple[float, float]
INVISIBLE = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="


def response_curve(
    subject: Subject, inputs: Float[Tensor, " inputs"], sets: dict[str, Data], theme: Theme
) -> Figure:
    """Draw the examples, if the subject has targets; the curve's heights come with a change."""
    curve = {
        "name": "curve",
        "type": "scatter",
        "mode": "lines",
        "x": round_coordinates(sets["training"].input_units[0].own(inputs)),
        "y": [],
        "line": {"color": theme.ink, "width": 3},
        "hovertemplate": "%{x:.6g} → %{y:.6g}<extra></extra>",
    }
    names = sets["training"].input_names
    shown = sets.items() if subject.is_output else ()
    height = axis(theme, "", gridcolor=theme.grid, showgrid=True) | _height_range(subject, sets)
    return {
        "data": [*(_targets(name, data, subject, theme) for name, data in shown), curve],
        "layout": base_layout(
            theme,
            margin={"l": 8, "r": 12, "t": 28, "b": 8},
            hovermode="closest",
            shapes=[],
            annotations=[title(theme, subject.title)],
            xaxis=axis(theme, names[0]),
            yaxis=height,
        ),
    }


def response_curve_change(subject: Subject, values: Float[Tensor, " inputs"]) -> Figure:
    """Return the change that gives the curve other heights."""
    return {"traces": {"curve": {"y": round_coordinates(subject.unit.own(values))}}}


def _height_range(subject: Subject, sets: dict[str, Data]) -> Figure:
    """Fix the vertical axis, with room for a curve that misses the targets."""
    if not subject.is_output:
        return {}
    columns = [subject.unit.own(data.targets[:, subject.output]) for data in sets.values()]
    low, high = (min(c.min().item() for c in columns), max(c.max().item() for c in columns))
    room = 0.3 * (high - low) or 1.0
    return {"range": [low - room, high + room]}


def _targets(name: str, data: Data, subject: Subject, theme: Theme) -> Figure:
    """Draw the targets of examples over their only input."""
    sample = sample_indices(data)
    heights = subject.unit.own(data.targets[sample, subject.output])
    looks = _looks(data, sample, subject, all_classes=False)
    x = data.input_units[0].own(data.inputs[sample, 0])
    return point_trace(name, x, heights, *looks, theme, hover_texts(data, sample))


def decision_boundary(
    subject: Subject, ranges: tuple[Range, Range], sets: dict[str, Data], theme: Theme
) -> Figure:
    """Draw the plane of two inputs with the examples; the map behind them comes with a change."""
    data = sets["training"]
    (left, right), (low, high) = (
        unit.own(torch.tensor(ends)).tolist()
        for unit, ends in zip(data.input_units, ranges, strict=True)
    )
    names = data.input_names
    square = {"scaleanchor": "x", "scaleratio": (right - left) / (high - low)}
    return {
        "data": [
            *(_examples(name, data, subject, theme) for name, data in sets.items()),
            _colour_bar(subject, theme),
        ],
        "layout": base_layout(
            theme,
            margin={"l": 8, "r": 8, "t": 46 if subject.stripes else 28, "b": 8},
            hovermode="closest",
            images=[_empty_map(left, right, low, high)],
            shapes=[],
            annotations=_titles(subject, theme),
            xaxis=axis(theme, names[0], range=[left, right], constrain="domain"),
            yaxis=axis(theme, names[1], range=[low, high], constrain="domain") | square,
        ),
    }


def _titles(subject: Subject, theme: Theme) -> list[Figure]:
    """Write what is shown, and below it what the stripes mean."""
    if not subject.stripes:
        return [title(theme, subject.title)]
    return [title(theme, subject.title, line=1), title(theme, subject.stripes)]


def decision_boundary_change(subject: Subject, source: str, scale: Scale | None) -> Figure:
    """Return the change that shows another map, and its scale if it has a colour bar."""
    bar = {} if scale is None else {"marker.colorbar.ticktext": _tick_texts(subject, scale)}
    return {"traces": {"colour bar": bar}, "images": [source]}


def _tick_texts(subject: Subject, scale: Scale) -> list[str]:
    low, high = scale.limits
    values = subject.unit.own(torch.tensor([low, scale.middle, high]))
    digits = digits_for(values, 3)
    return [f"{value:.{digits}g}".replace("-", "−") for value in values.tolist()]


def _empty_map(left: float, right: float, low: float, high: float) -> Figure:
    """Return an invisible image below the points, over the whole range of both axes."""
    return {
        "source": INVISIBLE,
        "xref": "x",
        "yref": "y",
        "x": left,
        "y": high,
        "sizex": right - left,
        "sizey": high - low,
        "sizing": "stretch",
        "layer": "below",
    }


def _examples(name: str, data: Data, subject: Subject, theme: Theme) -> Figure:
    """Draw examples in the plane of their two inputs."""
    sample = sample_indices(data)
    columns = data.inputs[sample].unbind(dim=1)
    x, y = (unit.own(column) for unit, column in zip(data.input_units, columns, strict=True))
    looks = _looks(data, sample, subject, all_classes=subject.all_classes)
    return point_trace(name, x, y, *looks, theme, hover_texts(data, sample))


def _looks(
    data: Data, sample: Int[Tensor, " sample"], subject: Subject, *, all_classes: bool
) -> tuple[list[str], list[str]]:
    """Return the colours and the shapes of a sample, on the scale of all examples."""
    kind = {"classes": subject.classes, "all_classes": all_classes}
    colours = point_colours(data.targets, subject.output, **kind)
    symbols = point_symbols(data.targets, subject.output, **kind)
    places = sample.tolist()
    return [colours[at] for at in places], [symbols[at] for at in places]


def _colour_bar(subject: Subject, theme: Theme) -> Figure:
    last = len(theme.map_colours) - 1
    stops = [[i / last, colour] for i, colour in enumerate(theme.map_colours)][:: last // 3]
    bar = {
        "thickness": 10,
        "len": 0.9,
        "outlinewidth": 0,
        "tickvals": [-1, 0, 1],
        "ticktext": [],
        "tickfont": {"size": 13},
        "xpad": 6,
    }
    return colour_bar(
        {
            "cmin": -1,
            "cmax": 1,
            "colorscale": stops,
            "showscale": not subject.all_classes,
            "colorbar": bar,
        }
    )
