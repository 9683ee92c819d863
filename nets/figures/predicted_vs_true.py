"""Hits: predicted against true, for data of too many inputs to be drawn over."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.data.examples import Data
from nets.figures.colours import NEGATIVE, POSITIVE, Theme, base_layout
from nets.figures.loss_chart import rounded
from nets.figures.scatter import DIGITS, Subject, axis, chosen, heading, marks

Figure = dict[str, Any]
MOST = 300  # points of each kind: all of them move at every epoch
SPREAD = 0.6  # of a class's column that its points are spread over
GOLDEN = 0.6180339887  # multiples of it, without their whole part, fill a line evenly


def predicted_vs_true(subject: Subject, sets: dict[str, Data], theme: Theme) -> Figure:
    """Draw the axes and the points at their places to the right; a change gives their heights.

    Numbers stand against the true one, with a line where both are alike. Classes have a column
    each, in which an example is as high as the output of its own class, or the only output.
    """
    columns: Figure = {}
    if subject.classes:
        names = list(sets["training"].output_names)
        names = names if len(names) > 1 else [f"not {names[0]}", names[0]]
        places = list(range(len(names)))
        columns = {"tickvals": places, "ticktext": names, "range": [-0.5, len(names) - 0.5]}
    words = "output of the true class" if subject.several else "output"
    return {
        "data": [_marks(name, data, subject, theme) for name, data in sets.items()],
        "layout": base_layout(
            theme,
            margin={"l": 8, "r": 12, "t": 28, "b": 8},
            hovermode="closest",
            shapes=_line(subject, sets["training"], theme),
            annotations=[heading(theme, subject.title)],
            xaxis=axis(theme, "true class" if subject.classes else "true") | columns,
            yaxis=axis(theme, words, gridcolor=theme.grid, showgrid=True),
        ),
    }


def predicted_vs_true_change(
    subject: Subject, sets: dict[str, Data], outputs: dict[str, Tensor]
) -> Figure:
    """Return the change that moves the points to what the outputs are for the chosen examples."""
    return {
        "traces": {
            name: _heights(name, subject, data.targets[chosen(data, MOST)], outputs[name])
            for name, data in sets.items()
        }
    }


def _heights(
    name: str,
    subject: Subject,
    targets: Float[Tensor, "N n_output"],
    outputs: Float[Tensor, "N n_output"],
) -> Figure:
    """Heights, and where there are several classes whether each example's own one wins."""
    if not subject.several:
        return {"y": rounded(outputs[:, subject.output], DIGITS)}
    true = targets.argmax(dim=1, keepdim=True)
    right: list[bool] = (outputs.argmax(dim=1, keepdim=True) == true)[:, 0].tolist()
    colours = [POSITIVE if one else NEGATIVE for one in right]
    part = "marker.line.color" if name == "test" else "marker.color"
    return {"y": rounded(outputs.gather(1, true)[:, 0], DIGITS), part: colours}


def _marks(name: str, data: Data, subject: Subject, theme: Theme) -> Figure:
    places = chosen(data, MOST)
    targets = data.targets[places]
    x = _columns(subject, targets, places)
    trace = marks(name, x, torch.zeros(len(x)), [], theme, [])
    hollow = name == "test"
    line = {"width": 2 if hollow else 0, "color": POSITIVE}
    fill = {"color": theme.paper if hollow else POSITIVE, "opacity": 0.7}
    trace["marker"] |= fill | {"size": 7, "line": line}
    trace["hovertemplate"] = f"{name} example<br>true %{{x}}<br>output %{{y:.4g}}<extra></extra>"
    return trace


def _columns(
    subject: Subject, targets: Float[Tensor, "N n_output"], places: Int[Tensor, " N"]
) -> Float[Tensor, " N"]:
    """Where each example stands from left to right."""
    if not subject.classes:
        return targets[:, subject.output]
    spread = ((places * GOLDEN) % 1 - 0.5) * SPREAD
    several = targets.shape[1] > 1
    return (targets.argmax(dim=1) if several else targets[:, 0]) + spread


def _line(subject: Subject, data: Data, theme: Theme) -> list[Figure]:
    """A line where predicted is what is true."""
    if subject.classes:
        return []
    column = data.targets[:, subject.output]
    low, high = column.min().item(), column.max().item()
    line = {"color": theme.quiet, "width": 1.5, "dash": "dot"}
    return [
        {"type": "line", "layer": "below", "line": line}
        | {"x0": low, "y0": low, "x1": high, "y1": high}
    ]
