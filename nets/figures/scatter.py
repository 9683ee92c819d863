"""Examples as points in a plot, coloured by their targets, and what such plots share."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.data.cells import write_own
from nets.data.encoding import Unit
from nets.data.examples import Data
from nets.engine.names import column_symbol
from nets.figures.colours import (
    ABOVE,
    BELOW,
    DIVERGING,
    POINT_OUTLINE,
    Theme,
    class_colour,
    colours_for,
    plain,
)
from nets.figures.heat_map import target_scale
from nets.figures.points import round_numbers

Trace = dict[str, Any]
MAX_POINTS = 1000  # of the training data in one plot, and of the test data
RAW = Unit()
CLASS_SYMBOLS = (ABOVE, BELOW, "square", "triangle-up", "x", "star", "cross", "pentagon")
CLASS_SYMBOLS += ("triangle-down", "hourglass")
FEW = 20  # examples that are drawn as large points


@dataclass(frozen=True)
class Subject:
    """What a plot shows.

    Attributes:
        title: the text above it.
        output: the output whose targets colour the points.
        all_classes: whether it shows which of several outputs wins, instead of one neuron.
        classes: whether the targets are classes.
        is_output: whether it shows outputs, so that targets can be drawn next to them.
        unit: how the numbers of the neuron become those of its column.
        stripes: what the stripes of a map mean; empty without stripes.
    """

    title: str
    output: int
    all_classes: bool
    classes: bool
    is_output: bool = True
    unit: Unit = RAW
    stripes: str = ""


def sample_indices(data: Data, most: int = MAX_POINTS) -> Int[Tensor, " sample"]:
    """Choose at most this many examples, evenly over the data."""
    return torch.linspace(0, len(data) - 1, min(len(data), most)).round().long()


def point_colours(
    targets: Float[Tensor, "N n_output"], output: int, *, classes: bool, all_classes: bool
) -> list[str]:
    """Colour examples by class if `all_classes`, otherwise by the target of one output."""
    if all_classes:
        return [class_colour(number) for number in targets.argmax(dim=1).tolist()]
    limits = target_scale(targets, classes=classes).limits
    return colours_for(targets[:, output], *limits, DIVERGING)


def point_symbols(
    targets: Float[Tensor, "N n_output"], output: int, *, classes: bool, all_classes: bool
) -> list[str]:
    """Shape examples so that each colour has its own shape: below the middle they are diamonds."""
    if all_classes:
        return [CLASS_SYMBOLS[at % len(CLASS_SYMBOLS)] for at in targets.argmax(dim=1).tolist()]
    middle = target_scale(targets, classes=classes).middle
    return [BELOW if below else ABOVE for below in (targets[:, output] < middle).tolist()]


def point_trace(
    name: str,
    x: Float[Tensor, " N"],
    y: Float[Tensor, " N"],
    colours: list[str],
    symbols: list[str],
    theme: Theme,
    texts: list[str],
) -> Trace:
    """Draw examples as points, those of the test data hollow; `texts` are for hover boxes."""
    size, hollow = (11 if len(x) <= FEW else 6.5), name == "test"
    return {
        "name": name,
        "type": "scatter",
        "mode": "markers",
        "x": round_coordinates(x),
        "y": round_coordinates(y),
        "text": texts,
        "marker": {
            "size": size,
            "opacity": 1,
            "symbol": symbols,
            "color": [theme.paper] * len(x) if hollow else colours,
            "line": {"width": 2 if hollow else 1, "color": colours if hollow else POINT_OUTLINE},
        },
        "hovertemplate": f"{name} example<br>%{{text}}<extra></extra>",
    }


def hover_texts(data: Data, indices: Int[Tensor, " sample"]) -> list[str]:
    """Write the inputs and targets of examples in the columns' own units."""
    names = *data.input_names, *data.output_names
    columns = (*data.inputs[indices].unbind(dim=1), *data.targets[indices].unbind(dim=1))
    units = (*data.input_units, *data.output_units)
    own = [unit.own(column) for unit, column in zip(units, columns, strict=True)]
    rows = torch.stack(own, dim=1).tolist()
    return [
        "<br>".join(
            f"{plain(column_symbol(name))} = {write_own(value)}"
            for name, value in zip(names, row, strict=True)
        )
        for row in rows
    ]


def round_coordinates(values: Float[Tensor, " N"]) -> list[float | None]:
    """Round to as many digits as the pixels of a screen need; not finite is None, a gap."""
    return round_numbers(values, digits=digits_for(values, 4))


def digits_for(values: Float[Tensor, " N"], enough: int) -> int:
    """Say how many digits tell values apart for which this many are enough near 0.

    Values that are far from 0, compared with the distance between the lowest and the highest, need
    more.
    """
    finite = values[values.isfinite()].double()
    extent = (finite.max() - finite.min()).item() if len(finite) else 0.0
    far = finite.abs().max().item() / extent if extent else 1.0
    return min(15, enough + math.floor(math.log10(max(far, 1.0))))


def axis(theme: Theme, name: str, **more: Any) -> dict[str, Any]:
    """Return an axis without grid lines."""
    return {
        "title": {"text": plain(column_symbol(name)), "font": {"size": 14}, "standoff": 4},
        "showgrid": False,
        "zeroline": False,
        "linecolor": theme.quiet,
        "nticks": 4,
        "automargin": True,
    } | more


def title(theme: Theme, text: str, line: int = 0) -> dict[str, Any]:
    """Return an annotation above a plot, in a line that is counted from the lowest."""
    return {
        "text": plain(text),
        "x": 0.5,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 2 + 18 * line,
        "showarrow": False,
        "font": {"size": 14, "color": theme.quiet},
    }
