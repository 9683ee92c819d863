"""The loss chart: the loss after every epoch."""

from collections.abc import Mapping
from typing import Any

from jaxtyping import Float
from torch import Tensor

from nets.figures.colours import Theme, base_layout, class_colour
from nets.figures.points import points_from

Figure = dict[str, Any]
MAX_POINTS = 1500  # of a line that is drawn from epoch 0
MAX_POINTS_OTHER = 300  # of the other run's line
MAX_MARKERS = 40  # epochs that are drawn with a dot each
INDENT = "\N{EM SPACE}"  # keeps the first letter clear of the grid line at epoch 0
FLOOR_TEXT = f"{INDENT}best possible loss"
ROOM_FOR_TEXT = 0.15  # of the chart's height: the text of a higher floor fits below its line
ROOM_AT_LEFT = 52  # px; of the axis of losses, and of the button "now" beside the slider
HALF_A_LABEL = 20  # px; of a label at the end of the axis, such as "10000"
FIRST_EPOCHS = [-0.2, 10]  # the shortest horizontal axis, with room for the dot at epoch 0
OTHER_RULE = "other bias update"  # the name of the line of the run with the other bias rule
# Of kept runs' lines: up to four, each with a line for the test data. Those of the present run are
# solid (loss), 6px,3px (test) and 18px,4px (the other bias update).
DASHES = (
    "dot",
    "1px,6px",
    "12px,4px",
    "12px,10px",
    "12px,3px,2px,3px",
    "4px,10px",
    "8px,2px",
    "12px,3px,2px,3px,2px,3px",
)
LINEAR: Figure = {"type": "linear", "rangemode": "tozero", "nticks": 4}
# The page chooses the numbers on the axis itself (page/stage/browser/ticks.js). Elsewhere three are
# enough, or a few more: with more Plotly writes all from 1 to 9, on top of each other.
LOGARITHMIC: Figure = {"type": "log", "rangemode": "normal", "nticks": 3, "tickformat": "~g"}
LEGEND: Figure = {
    "orientation": "h",
    "x": 0,
    "y": 1.01,
    "yanchor": "bottom",
    "itemclick": False,
    "itemdoubleclick": False,
}


def loss_chart(
    loss: Float[Tensor, " epochs"],
    theme: Theme,
    *,
    logarithmic: bool = False,
    floor: float | None = None,
    test_loss: Float[Tensor, " epochs"] | None = None,
    baselines: Mapping[str, Figure] | None = None,
    compared: bool = False,
) -> Figure:
    """Draw the loss per example over the epochs.

    Args:
        loss: of the training data, epoch 0 first. Of more than `MAX_POINTS` epochs the lowest and
            highest losses are drawn.
        theme: light or dark.
        logarithmic: whether the axis of the loss is logarithmic.
        floor: the lowest loss that is possible, drawn as a dashed line if it is above 0.
        test_loss: of the test data, if there are any.
        baselines: the points of other runs' lines, from `other_line`, by their names.
        compared: whether the line of the other bias update comes with a change.
    """
    lines = [_line(loss, theme), _empty_other_line(theme, compared=compared)]
    if test_loss is not None:
        lines.append(_test_line(test_loss, theme))
    lines += [
        _baseline(name, points, number)
        for number, (name, points) in enumerate((baselines or {}).items())
    ]
    has_legend = len(lines) > 2 or compared
    lines.append(_no_mark(theme))
    return {
        "data": lines,
        "layout": base_layout(
            theme,
            margin={"l": ROOM_AT_LEFT, "r": HALF_A_LABEL, "t": 36, "b": 8},  # room for the badge
            hovermode="x",
            **({"showlegend": True, "legend": LEGEND} if has_legend else {}),
            shapes=_floor_line(floor, loss, theme, logarithmic) if floor else [],
            xaxis=chart_axis("epoch", theme)
            | {
                "automargin": "height",  # no label at the right end moves what is drawn
                "rangemode": "tozero",
                "autorangeoptions": {"include": FIRST_EPOCHS},
            },
            yaxis=chart_axis("loss per example", theme) | (LOGARITHMIC if logarithmic else LINEAR),
        ),
    }


def loss_points(
    loss: Float[Tensor, " epochs"],
    after: int,
    most: int = 16,
    test_loss: Float[Tensor, " epochs"] | None = None,
) -> Figure:
    """Return the change that adds the points after epoch `after`, or that ends the lines there."""
    lines = _lines(loss, test_loss)
    return {
        "traces": {name: {"mode": _mode(losses)} for name, losses in lines.items()},
        "extend": {
            "after": after,
            "lines": {name: points_from(losses, after + 1, most) for name, losses in lines.items()},
        },
    }


def loss_lines(
    loss: Float[Tensor, " epochs"], test_loss: Float[Tensor, " epochs"] | None = None
) -> Figure:
    """Return the change that draws the lines of a loss chart again from epoch 0."""
    lines = _lines(loss, test_loss)
    return {
        "traces": {
            name: {"mode": _mode(losses)} | points_from(losses, 0, MAX_POINTS)
            for name, losses in lines.items()
        }
    }


def _lines(
    loss: Float[Tensor, " epochs"], test_loss: Float[Tensor, " epochs"] | None
) -> dict[str, Float[Tensor, " epochs"]]:
    """Return the lines of the chart by name."""
    return {"loss": loss} if test_loss is None else {"loss": loss, "test": test_loss}


def _line(losses: Float[Tensor, " epochs"], theme: Theme) -> Figure:
    """Draw the loss of the training data."""
    return points_from(losses, 0, MAX_POINTS) | {
        "name": "loss",
        "type": "scatter",
        "mode": _mode(losses),
        "line": {"color": theme.ink, "width": 2.5},
        "hovertemplate": "epoch %{x}<br>loss %{y:.6g}<extra></extra>",
    }


def _empty_other_line(theme: Theme, *, compared: bool) -> Figure:
    """Draw an empty line; the loss of another run comes with a change."""
    return other_line(None) | {
        "name": OTHER_RULE,
        "type": "scatter",
        "mode": "lines",
        "showlegend": compared,
        "line": {"color": theme.quiet, "width": 2, "dash": "18px,4px"},
        "hovertemplate": "loss %{y:.6g} with the other bias update<extra></extra>",
    }


def _test_line(losses: Float[Tensor, " epochs"], theme: Theme) -> Figure:
    """Draw the loss of the test data, with dashes."""
    return _line(losses, theme) | {
        "name": "test",
        "line": {"color": theme.quiet, "width": 2.5, "dash": "6px,3px"},
        "marker": {"symbol": "circle-open"},
        "hovertemplate": "test loss %{y:.6g}<extra></extra>",
    }


def _baseline(name: str, points: Figure, number: int) -> Figure:
    """Draw the thin line of another run; its dashes tell it from all others."""
    return points | {
        "name": name,
        "type": "scatter",
        "mode": "lines",
        "line": {"color": class_colour(number), "width": 2, "dash": DASHES[number % len(DASHES)]},
        "hovertemplate": f"{name}: loss %{{y:.6g}}<extra></extra>",
    }


def chart_axis(title: str, theme: Theme) -> Figure:
    """Return an axis as all charts of losses have it."""
    return {
        "title": {"text": title, "font": {"size": 14}, "standoff": 8},
        "gridcolor": theme.grid,
        "linecolor": theme.quiet,
        "zeroline": False,
        "automargin": True,
        "ticklabeloverflow": "allow",  # else Plotly has the browser measure every label each time
    }


def mark(loss: Float[Tensor, " epochs"] | None) -> Figure:
    """Return the point at the end of a loss, to mark an earlier epoch; none without a loss."""
    return {"x": [], "y": []} if loss is None else points_from(loss, len(loss) - 1, 1)


def _no_mark(theme: Theme) -> Figure:
    """Draw no mark; that of an earlier epoch on show comes with a change."""
    return mark(None) | {
        "name": "here",
        "type": "scatter",
        "mode": "markers",
        "showlegend": False,
        "marker": {"color": theme.paper, "size": 13, "line": {"color": theme.active, "width": 3}},
        "hoverinfo": "skip",
    }


def other_line(loss: Float[Tensor, " epochs"] | None) -> Figure:
    """Return the points of another run's line; none without a run."""
    if loss is None:
        return {"x": [], "y": []}
    return points_from(loss, 0, MAX_POINTS_OTHER)


def _floor_line(
    floor: float, loss: Float[Tensor, " epochs"], theme: Theme, logarithmic: bool
) -> list[Figure]:
    """Draw the floor across the chart, with its text below the line where there is room.

    The text has a line of its own, of no width and above the grid, which else runs through it.
    """
    has_room = not logarithmic and floor > ROOM_FOR_TEXT * loss.max().item()
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": floor, "y1": floor}
    label = {
        "text": FLOOR_TEXT,
        "textposition": "start",
        "yanchor": "top" if has_room else "bottom",
        "font": {"size": 13, "color": theme.quiet},
    }
    return [
        line | {"layer": "between", "line": {"color": theme.quiet, "width": 2, "dash": "dash"}},
        line | {"layer": "above", "line": {"width": 0}, "label": label},
    ]


def _mode(loss: Float[Tensor, " epochs"]) -> str:
    return "lines+markers" if len(loss) <= MAX_MARKERS else "lines"
