"""Heat maps: the colours of the pixels follow the numbers."""

import base64
import io

import pytest
import torch
from PIL import Image

from nets.figures.colours import DARK, LIGHT, MIDPOINT, NEGATIVE, POSITIVE, blend, class_colour
from nets.figures.heat_map import Scale, activation_scales, draw_classes, draw_maps, image_sources


def pixels(source):
    """Return the pixels of an image as #rrggbb, row by row."""
    head, _, text = source.partition(",")
    assert head == "data:image/png;base64"
    image = Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")
    return [
        ["#{:02x}{:02x}{:02x}".format(*image.getpixel((x, y))) for x in range(image.width)]
        for y in range(image.height)
    ]


def test_each_pixel_has_the_colour_of_its_index():
    colours = (NEGATIVE, MIDPOINT, POSITIVE)
    places = torch.randint(3, (4, 5, 7), generator=torch.Generator().manual_seed(1))
    for source, numbers in zip(
        image_sources(places.to(torch.uint8), colours), places.tolist(), strict=True
    ):
        assert pixels(source) == [[colours[at] for at in row] for row in numbers]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_map_goes_from_the_first_colour_over_the_middle_one_to_the_last(theme):
    values = torch.tensor([[[-9.0, 0.0, 0.5, 1.0, 9.0, torch.inf, -torch.inf, torch.nan]]])
    ((low, zero, middle, one, high, infinite, lowest, unknown),) = pixels(
        draw_maps(values, [Scale(0.5, 0.5)], theme)[0]
    )
    assert low == zero == lowest == theme.map_colours[0]
    assert one == high == infinite == theme.map_colours[-1]
    assert middle == unknown == theme.map_colours[len(theme.map_colours) // 2]


def test_with_two_colours_a_map_shows_only_the_side_of_the_middle():
    values = torch.tensor([[[0.1, 0.2, 0.49, 0.51, 0.9]]])
    ((a, b, c, d, e),) = pixels(draw_maps(values, [Scale(0.5, 0.5)], LIGHT, two_colours=True)[0])
    assert a == b == c != d == e


def test_where_a_class_wins_clearly_the_map_has_its_colour():
    values = torch.eye(4)[:, None, :]
    expected = [LIGHT.tint(class_colour(number)) for number in range(4)]
    assert pixels(draw_classes(values, LIGHT)) == [expected]


def test_where_no_class_wins_the_map_is_pale():
    values = torch.full((3, 1, 1), 0.3)
    assert pixels(draw_classes(values, LIGHT)) == [[blend(LIGHT.pale, LIGHT.pale, 0)]]


@pytest.mark.parametrize(
    ("activation", "middle", "reach"),
    [("sigmoid", 0.5, 0.5), ("tanh", 0.0, 1.0), ("relu", 0.0, 3.0), ("linear", 0.0, 3.0)],
)
def test_the_scale_is_the_range_of_the_activation_or_else_of_the_values(activation, middle, reach):
    assert activation_scales(activation, torch.tensor([[[-3.0, 2.0]]])) == [Scale(middle, reach)]
