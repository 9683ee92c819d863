"""The response: the curve of what a neuron gives over one input, through the points."""

from typing import Any

from jaxtyping import Float
from torch import Tensor

from nets.data.examples import Data
from nets.figures.colours import Theme, base_layout
from nets.figures.loss_chart import rounded
from nets.figures.scatter import (
    DIGITS,
    Subject,
    axis,
    chosen,
    colours_of,
    heading,
    marks,
    words_of,
)

Figure = dict[str, Any]


def response_curve(
    subject: Subject, places: Float[Tensor, " places"], sets: dict[str, Data], theme: Theme
) -> Figure:
    """Draw the points, where they are targets of what is shown; the curve comes with a change."""
    curve = {
        "name": "curve",
        "type": "scatter",
        "mode": "lines",
        "x": rounded(places, DIGITS),
        "y": [],
        "line": {"color": theme.ink, "width": 3},
        "hovertemplate": "%{x:.4g} → %{y:.4g}<extra></extra>",
    }
    names = sets["training"].input_names
    points = sets.items() if subject.own else ()
    return {
        "data": [*(_marks(name, data, subject, theme) for name, data in points), curve],
        "layout": base_layout(
            theme,
            margin={"l": 8, "r": 12, "t": 28, "b": 8},
            hovermode="closest",
            shapes=[],
            annotations=[heading(theme, subject.title)],
            xaxis=axis(theme, names[0]),
            yaxis=axis(theme, "", gridcolor=theme.grid, showgrid=True) | _room(subject, sets),
        ),
    }


def response_curve_change(values: Float[Tensor, " places"]) -> Figure:
    """Return the change that bends the curve."""
    return {"traces": {"curve": {"y": rounded(values, DIGITS)}}}


def _room(subject: Subject, sets: dict[str, Data]) -> Figure:
    """Keep the axis where it is, with room for a curve that misses the targets."""
    if not subject.own:
        return {}
    columns = [data.targets[:, subject.output] for data in sets.values()]
    low, high = (min(c.min().item() for c in columns), max(c.max().item() for c in columns))
    room = 0.3 * (high - low) or 1.0
    return {"range": [low - room, high + room]}


def _marks(name: str, data: Data, subject: Subject, theme: Theme) -> Figure:
    places = chosen(data)
    kinds = {"classes": subject.classes, "several": False}
    colours = colours_of(data.targets, subject.output, **kinds)
    mine = [colours[at] for at in places.tolist()]
    x, y = data.inputs[places, 0], data.targets[places, subject.output]
    return marks(name, x, y, mine, theme, words_of(data, places))
