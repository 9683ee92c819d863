"""Predicted against true values, for data with too many inputs for a curve or a map."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.data.examples import Data
from nets.figures.colours import ABOVE, BELOW, NEGATIVE, POSITIVE, Theme, base_layout, plain
from nets.figures.scatter import (
    Subject,
    axis,
    point_trace,
    round_coordinates,
    sample_indices,
    title,
)

Figure = dict[str, Any]
MAX_PREDICTIONS = 300  # of the training data and of the test data: all of them move every epoch
SPREAD = 0.6  # of the width of a class's column
GOLDEN_RATIO = 0.6180339887  # the fractional parts of its multiples are spread evenly over 0 to 1


def predicted_vs_true(subject: Subject, sets: dict[str, Data], theme: Theme) -> Figure:
    """Draw the axes and the examples by their true value; a change gives the predicted values.

    Numbers have a dotted line where predicted and true are equal. Classes have a column each, in
    which the height of an example is the output of its own class, or the only output.
    """
    columns: Figure = {}
    if subject.classes:
        names = list(sets["training"].output_names)
        names = names if len(names) > 1 else [f"not {names[0]}", names[0]]
        places = list(range(len(names)))
        ticks = {"tickvals": places, "ticktext": list(map(plain, names))}
        columns = ticks | {"range": [-0.5, len(names) - 0.5]}
    height = "output of the true class" if subject.all_classes else "output"
    return {
        "data": [_examples(name, data, subject, theme) for name, data in sets.items()],
        "layout": base_layout(
            theme,
            margin={"l": 8, "r": 12, "t": 28, "b": 8},
            hovermode="closest",
            shapes=_line_of_equality(subject, sets["training"], theme),
            annotations=[title(theme, subject.title)],
            xaxis=axis(theme, "true class" if subject.classes else "true") | columns,
            yaxis=axis(theme, height, gridcolor=theme.grid, showgrid=True),
        ),
    }


def predicted_vs_true_change(
    subject: Subject, sets: dict[str, Data], outputs: dict[str, Tensor]
) -> Figure:
    """Return the change that moves the examples to the outputs, which are those of the sample."""
    return {
        "traces": {
            name: _heights(
                name, subject, data.targets[sample_indices(data, MAX_PREDICTIONS)], outputs[name]
            )
            for name, data in sets.items()
        }
    }


def _heights(
    name: str,
    subject: Subject,
    targets: Float[Tensor, "N n_output"],
    outputs: Float[Tensor, "N n_output"],
) -> Figure:
    """Return heights; with several classes also colours and shapes: whether the true one wins."""
    if not subject.all_classes:
        return {"y": round_coordinates(subject.unit.own(outputs[:, subject.output]))}
    true = targets.argmax(dim=1, keepdim=True)
    right: list[bool] = (outputs.argmax(dim=1, keepdim=True) == true)[:, 0].tolist()
    colours = [POSITIVE if one else NEGATIVE for one in right]
    part = "marker.line.color" if name == "test" else "marker.color"
    symbols = [ABOVE if one else BELOW for one in right]
    heights = round_coordinates(outputs.gather(1, true)[:, 0])
    return {"y": heights, part: colours, "marker.symbol": symbols}


def _examples(name: str, data: Data, subject: Subject, theme: Theme) -> Figure:
    sample = sample_indices(data, MAX_PREDICTIONS)
    x = _columns(subject, data.targets[sample], sample)
    trace = point_trace(name, x, torch.zeros(len(x)), [], [], theme, [])
    hollow = name == "test"
    line = {"width": 2 if hollow else 0, "color": POSITIVE}
    fill = {"color": theme.paper if hollow else POSITIVE, "opacity": 0.7, "symbol": ABOVE}
    trace["marker"] |= fill | {"size": 7, "line": line}
    trace["hovertemplate"] = f"{name} example<br>true %{{x}}<br>output %{{y:.6g}}<extra></extra>"
    return trace


def _columns(
    subject: Subject, targets: Float[Tensor, "N n_output"], indices: Int[Tensor, " N"]
) -> Float[Tensor, " N"]:
    """Return the true number of each example, or a place in the column of its class."""
    if not subject.classes:
        return subject.unit.own(targets[:, subject.output])
    spread = ((indices * GOLDEN_RATIO) % 1 - 0.5) * SPREAD
    several = targets.shape[1] > 1
    return (targets.argmax(dim=1) if several else targets[:, 0]) + spread


def _line_of_equality(subject: Subject, data: Data, theme: Theme) -> list[Figure]:
    """Draw a line where predicted and true numbers are equal."""
    if subject.classes:
        return []
    column = subject.unit.own(data.targets[:, subject.output])
    low, high = column.min().item(), column.max().item()
    line = {"color": theme.quiet, "width": 1.5, "dash": "dot"}
    return [
        {"type": "line", "layer": "below", "line": line}
        | {"x0": low, "y0": low, "x1": high, "y1": high}
    ]
