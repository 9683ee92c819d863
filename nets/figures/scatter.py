"""Examples: the data's points on a picture, coloured by what they should give."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.data.examples import Data
from nets.figures.colours import DIVERGING, POINT_OUTLINE, Theme, class_colour, shades_of
from nets.figures.heat_map import scale_of_targets
from nets.figures.loss_chart import rounded

Trace = dict[str, Any]
MOST = 1000  # points that one picture has of each kind
FEW = 20
DIGITS = 4  # of a place: as many as a picture has pixels for


def chosen(data: Data, most: int = MOST) -> Int[Tensor, " chosen"]:
    """Choose examples evenly, where there are too many to draw all."""
    return torch.linspace(0, len(data) - 1, min(len(data), most)).round().long()


def colours_of(
    targets: Float[Tensor, "N n_output"], output: int, *, classes: bool, several: bool
) -> list[str]:
    """Colour examples by class where several are shown, else by the target of one output."""
    if several:
        return [class_colour(number) for number in targets.argmax(dim=1).tolist()]
    ends = scale_of_targets(targets, classes=classes).ends
    return shades_of(targets[:, output], *ends, DIVERGING)


def marks(
    name: str,
    x: Float[Tensor, " N"],
    y: Float[Tensor, " N"],
    colours: list[str],
    theme: Theme,
    words: list[str],
) -> Trace:
    """A trace of examples: those of the test are hollow. `words` are for their hover boxes."""
    size, hollow = (11 if len(x) <= FEW else 6.5), name == "test"
    return {
        "name": name,
        "type": "scatter",
        "mode": "markers",
        "x": rounded(x, DIGITS),
        "y": rounded(y, DIGITS),
        "text": words,
        "marker": {
            "size": size,
            "opacity": 1,
            "color": [theme.paper] * len(x) if hollow else colours,
            "line": {"width": 2 if hollow else 1, "color": colours if hollow else POINT_OUTLINE},
        },
        "hovertemplate": f"{name} example<br>%{{text}}<extra></extra>",
    }


def words_of(data: Data, places: Int[Tensor, " chosen"]) -> list[str]:
    """Write the inputs and targets of examples, for pictures of few columns."""
    names = *data.input_names, *data.output_names
    rows = torch.cat([data.inputs, data.targets], dim=1)[places].tolist()
    return [
        "<br>".join(f"{name} = {value:.4g}" for name, value in zip(names, row, strict=True))
        for row in rows
    ]


def axis(theme: Theme, name: str, **more: Any) -> dict[str, Any]:
    """Return an axis without lines across the picture."""
    return {
        "title": {"text": name, "font": {"size": 14}, "standoff": 4},
        "showgrid": False,
        "zeroline": False,
        "linecolor": theme.quiet,
        "nticks": 6,
        "automargin": True,
    } | more


def heading(theme: Theme, text: str) -> dict[str, Any]:
    """Return the line that says over a picture what it shows."""
    return {
        "text": text,
        "x": 0.5,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 2,
        "showarrow": False,
        "font": {"size": 14, "color": theme.quiet},
    }


@dataclass(frozen=True)
class Subject:
    """What a picture is of.

    Attributes:
        title: what stands over it.
        output: the output that points are coloured by.
        several: whether it shows all classes of several outputs at once.
        classes: whether the targets are classes.
        own: whether it is about outputs, so that targets may stand beside it.
    """

    title: str
    output: int
    several: bool
    classes: bool
    own: bool = True
