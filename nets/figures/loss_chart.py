"""The loss chart: the loss of every epoch, as a line that goes down."""

import math
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.figures.colours import Theme, base_layout

Figure = dict[str, Any]
MOST_POINTS = 1500  # of a line that is drawn from its beginning
MOST_POINTS_BESIDE = 300
MOST_MARKERS = 40  # epochs up to which each has a dot of its own
INDENT = "\N{EM SPACE}"  # past the grid's line at epoch 0, which would cross the first letter
FLOOR_WORDS = f"{INDENT}no training goes below this"
ROOM_FOR_WORDS = 0.15  # of the chart's height, in which the floor's words fit below it
HALF_A_LABEL = 20  # px; of a label at the end of the axis, as in "10000"
FIRST_EPOCHS = [-0.2, 10]  # that the chart has room for from the start, with the whole first dot
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
) -> Figure:
    """Draw the loss per example over the epochs, epoch 0 first, and that on test data if there is.

    A run of more than `MOST_POINTS` epochs is drawn through its lowest and highest losses. A
    `floor` above 0, the loss that no training can go below, is a dashed line.
    """
    lines = [_line(loss, theme), _line_beside(theme)]
    if test_loss is not None:
        lines.append(_test_line(test_loss, theme))
    return {
        "data": lines,
        "layout": base_layout(
            theme,
            margin={"l": 8, "r": HALF_A_LABEL, "t": 12 if test_loss is None else 36, "b": 8},
            hovermode="x",
            **({} if test_loss is None else {"showlegend": True, "legend": LEGEND}),
            shapes=[_floor_line(floor, loss, theme, logarithmic)] if floor else [],
            xaxis=_axis("epoch", theme)
            | {
                "automargin": "height",  # no label at the right end moves what is drawn
                "rangemode": "tozero",
                "autorangeoptions": {"include": FIRST_EPOCHS},
            },
            yaxis=_axis("loss per example", theme)
            | {
                "type": "log" if logarithmic else "linear",
                "rangemode": "normal" if logarithmic else "tozero",
            },
        ),
    }


def loss_points(
    loss: Float[Tensor, " epochs"],
    after: int,
    most: int = 16,
    test_loss: Float[Tensor, " epochs"] | None = None,
) -> Figure:
    """Return the change that makes a loss chart go on behind the epoch `after`, or end there."""
    lines = _lines(loss, test_loss)
    return {
        "traces": {name: {"mode": _mode(losses)} for name, losses in lines.items()},
        "extend": {
            "after": after,
            "lines": {
                name: _points_from(losses, after + 1, most) for name, losses in lines.items()
            },
        },
    }


def loss_lines(
    loss: Float[Tensor, " epochs"], test_loss: Float[Tensor, " epochs"] | None = None
) -> Figure:
    """Return the change that draws the lines of a loss chart from their beginning, thinned."""
    lines = _lines(loss, test_loss)
    return {
        "traces": {
            name: {"mode": _mode(losses)} | _points_from(losses, 0, MOST_POINTS)
            for name, losses in lines.items()
        }
    }


def _lines(
    loss: Float[Tensor, " epochs"], test_loss: Float[Tensor, " epochs"] | None
) -> dict[str, Float[Tensor, " epochs"]]:
    """Name the lines of a chart."""
    return {"loss": loss} if test_loss is None else {"loss": loss, "test": test_loss}


def _line(losses: Float[Tensor, " epochs"], theme: Theme) -> Figure:
    """Draw the loss on what is trained on."""
    return _points_from(losses, 0, MOST_POINTS) | {
        "name": "loss",
        "type": "scatter",
        "mode": _mode(losses),
        "line": {"color": theme.ink, "width": 2.5},
        "hovertemplate": "epoch %{x}<br>loss %{y:.6g}<extra></extra>",
    }


def _line_beside(theme: Theme) -> Figure:
    """Hold a place for the loss of another run, which comes with a change."""
    return other_line(None) | {
        "name": "beside",
        "type": "scatter",
        "mode": "lines",
        "showlegend": False,
        "line": {"color": theme.quiet, "width": 2, "dash": "dot"},
        "hovertemplate": "loss %{y:.6g} under the other bias update<extra></extra>",
    }


def _test_line(losses: Float[Tensor, " epochs"], theme: Theme) -> Figure:
    """Draw the loss on test data, told apart by its dashes and its name in a legend."""
    return _line(losses, theme) | {
        "name": "test",
        "line": {"color": theme.quiet, "width": 2.5, "dash": "6px,3px"},
        "marker": {"symbol": "circle-open"},
        "hovertemplate": "test loss %{y:.6g}<extra></extra>",
    }


def _axis(title: str, theme: Theme) -> Figure:
    return {
        "title": {"text": title, "font": {"size": 14}, "standoff": 8},
        "gridcolor": theme.grid,
        "linecolor": theme.quiet,
        "zeroline": False,
        "automargin": True,
    }


def _points_from(losses: Float[Tensor, " epochs"], begin: int, most: int) -> Figure:
    """Return the columns of a line from an epoch on, thinned."""
    shown = thinned(losses[begin:], most)
    return {"x": (shown + begin).tolist(), "y": rounded(losses[begin:][shown])}


def other_line(loss: Float[Tensor, " epochs"] | None) -> Figure:
    """Return the columns of the line that another run's loss is, or of none."""
    if loss is None:
        return {"x": [], "y": []}
    return _points_from(loss, 0, MOST_POINTS_BESIDE)


def _floor_line(
    floor: float, loss: Float[Tensor, " epochs"], theme: Theme, logarithmic: bool
) -> Figure:
    """Draw the floor across the chart, its words below the line where there is room."""
    has_room = not logarithmic and floor > ROOM_FOR_WORDS * loss.max().item()
    return {
        "type": "line",
        "layer": "between",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": floor,
        "y1": floor,
        "line": {"color": theme.quiet, "width": 2, "dash": "dash"},
        "label": {
            "text": FLOOR_WORDS,
            "textposition": "start",
            "yanchor": "top" if has_room else "bottom",
            "font": {"size": 13, "color": theme.quiet},
        },
    }


def _mode(loss: Float[Tensor, " epochs"]) -> str:
    return "lines+markers" if len(loss) <= MOST_MARKERS else "lines"


def thinned(values: Float[Tensor, " count"], most: int) -> Int[Tensor, " kept"]:
    """Choose the places of at most `most` values that keep a line's outline: first, last, extremes.

    The values are cut into stretches; of each its lowest and its highest are kept. `most` is 4 or
    more.
    """
    count = len(values)
    if count <= most:
        return torch.arange(count)
    stretch = -(-count // (most // 2 - 1))
    padded = torch.cat([values, values[-1:].expand(-count % stretch)]).view(-1, stretch)
    starts = torch.arange(len(padded)) * stretch
    extremes = torch.cat([starts + padded.argmin(dim=1), starts + padded.argmax(dim=1)])
    ends = torch.tensor([0, count - 1])
    return torch.cat([extremes.clamp(max=count - 1), ends]).unique()


def rounded(values: Float[Tensor, " count"], digits: int = 7) -> list[float | None]:
    """Write numbers with as many digits as a float32 has: fewer bytes, the same line.

    What is not finite, as a test loss may be, is a gap in the line.
    """
    return [
        float(f"{value:.{digits}g}") if math.isfinite(value) else None for value in values.tolist()
    ]
