"""Thumbnails: a data set as a small picture, drawn from its examples."""

from base64 import b64encode

from jaxtyping import Float
from torch import Tensor

from nets.data.examples import Data
from nets.figures.colours import DIVERGING, NEGATIVE, POINT_OUTLINE, POSITIVE, class_colour

SIDE, EDGE = 64, 5  # of the picture, and the margin in it, in its own units
MOST_POINTS = 150
RADII = (5.0, 2.0)  # of a point: of few points and of many
FEW = 10


def thumbnail(data: Data) -> str:
    """Draw the first examples as an SVG image, written as the address of a picture.

    It shows the first pixels of pictures, otherwise a point for each example: at its first two
    inputs, in the colour of its target; at its input and its target where there is one input.
    """
    svg = _pixels(data, *data.picture) if data.picture else _points(data)
    box = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">{svg}</svg>'
    return "data:image/svg+xml;base64," + b64encode(box.encode()).decode()


def _pixels(data: Data, rows: int, columns: int) -> str:
    """Draw the first example, which is a picture."""
    width, height = SIDE / columns, SIDE / rows
    return f'<rect width="{SIDE}" height="{SIDE}" fill="{POINT_OUTLINE}"/>' + "".join(
        f'<rect x="{place % columns * width:g}" y="{place // columns * height:g}" '
        f'width="{width:g}" height="{height:g}" fill-opacity="{ink:.2f}"/>'
        for place, ink in enumerate(data.inputs[0].tolist())
    )


def _points(data: Data) -> str:
    inputs, targets = data.inputs[:MOST_POINTS], data.targets[:MOST_POINTS]
    across = inputs[:, 0]
    up = inputs[:, 1] if inputs.shape[1] > 1 else targets[:, 0]
    radius = RADII[len(inputs) > FEW]
    places = zip(_spread(across), _spread(up), _colours(data, targets), strict=True)
    return "".join(
        f'<circle cx="{x:.1f}" cy="{SIDE - y:.1f}" r="{radius:g}" fill="{colour}"/>'
        for x, y, colour in places
    )


def _spread(values: Float[Tensor, " N"]) -> list[float]:
    """Spread numbers over the picture; a single one is in the middle."""
    low, high = values.min(), values.max()
    if low == high:
        return [SIDE / 2] * len(values)
    return (EDGE + (values - low) / (high - low) * (SIDE - 2 * EDGE)).tolist()


def _colours(data: Data, targets: Float[Tensor, "N n_output"]) -> list[str]:
    """Return each example's colour: of its class, or of its number, orange below 0."""
    if targets.shape[1] > 1:
        return [class_colour(int(row)) for row in targets.argmax(dim=1)]
    numbers = targets[:, 0]
    if data.task == "classes":
        return [POSITIVE if number > 0.5 else NEGATIVE for number in numbers.tolist()]
    reach = float(numbers.abs().max()) or 1.0
    last = len(DIVERGING) - 1
    return [DIVERGING[round((number / reach + 1) / 2 * last)] for number in numbers.tolist()]
