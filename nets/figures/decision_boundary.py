"""The surface: what one neuron, or all outputs, give over the plane of two inputs."""

from typing import Any

from nets.data.examples import Data
from nets.figures.colours import Theme, base_layout, colour_bar
from nets.figures.heat_map import Scale
from nets.figures.scatter import Subject, axis, chosen, colours_of, heading, marks, words_of

Figure = dict[str, Any]
Range = tuple[float, float]
INVISIBLE = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="


def decision_boundary(
    subject: Subject, ranges: tuple[Range, Range], sets: dict[str, Data], theme: Theme
) -> Figure:
    """Draw the plane with all points on it; the picture behind them comes with a change."""
    (left, right), (low, high) = ranges
    names = sets["training"].input_names
    square = {"scaleanchor": "x", "scaleratio": (right - left) / (high - low)}
    return {
        "data": [
            *(_marks(name, data, subject, theme) for name, data in sets.items()),
            _colour_bar(subject, theme),
        ],
        "layout": base_layout(
            theme,
            margin={"l": 8, "r": 8, "t": 28, "b": 8},
            hovermode="closest",
            images=[_frame_of_picture(left, right, low, high)],
            shapes=[],
            annotations=[heading(theme, subject.title)],
            xaxis=axis(theme, names[0], range=[left, right], constrain="domain"),
            yaxis=axis(theme, names[1], range=[low, high], constrain="domain") | square,
        ),
    }


def _frame_of_picture(left: float, right: float, low: float, high: float) -> Figure:
    """Hold the place of the picture, from one end of both axes to the other, below all points."""
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


def decision_boundary_change(source: str, scale: Scale | None) -> Figure:
    """Return the change that shows another picture; the scale is that of its colour bar, if any."""
    bar = {} if scale is None else {"marker.colorbar.ticktext": _ticks(scale)}
    return {"traces": {"colour bar": bar}, "images": [source]}


def _ticks(scale: Scale) -> list[str]:
    low, high = scale.ends
    return [f"{value:.3g}".replace("-", "−") for value in (low, scale.middle, high)]


def _marks(name: str, data: Data, subject: Subject, theme: Theme) -> Figure:
    places = chosen(data)
    kinds = {"classes": subject.classes, "several": subject.several}
    colours = colours_of(data.targets, subject.output, **kinds)
    x, y = data.inputs[places].unbind(dim=1)
    mine = [colours[at] for at in places.tolist()]
    return marks(name, x, y, mine, theme, words_of(data, places))


def _colour_bar(subject: Subject, theme: Theme) -> Figure:
    """The tints of the picture, from low to high."""
    last = len(theme.tints) - 1
    stops = [[at / last, tint] for at, tint in enumerate(theme.tints)][:: last // 3]
    bar = {
        "thickness": 10,
        "len": 0.9,
        "outlinewidth": 0,
        "tickvals": [-1, 0, 1],
        "ticktext": [],
        "tickfont": {"size": 12},
        "xpad": 6,
    }
    return colour_bar(
        {
            "cmin": -1,
            "cmax": 1,
            "colorscale": stops,
            "showscale": not subject.several,
            "colorbar": bar,
        }
    )
