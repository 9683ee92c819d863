"""Shading: numbers as the pixels of a picture that any reader of PNG files understands."""

import base64
import io

import pytest
import torch
from PIL import Image

from nets.figures.colours import DARK, LIGHT, MIDPOINT, NEGATIVE, POSITIVE, blend, class_colour
from nets.figures.heat_map import Scale, scales_of, shaded, tinted
from nets.figures.png import palette, sources


def pixels(source):
    """Read a picture with another's decoder, as #rrggbb, row by row."""
    head, _, text = source.partition(",")
    assert head == "data:image/png;base64"
    image = Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")
    return [
        ["#{:02x}{:02x}{:02x}".format(*image.getpixel((x, y))) for x in range(image.width)]
        for y in range(image.height)
    ]


def test_a_picture_has_the_colours_that_its_pixels_name():
    colours = (NEGATIVE, MIDPOINT, POSITIVE)
    places = torch.randint(3, (4, 5, 7), generator=torch.Generator().manual_seed(1))
    for source, numbers in zip(
        sources(places.to(torch.uint8), palette(colours)), places.tolist(), strict=True
    ):
        assert pixels(source) == [[colours[at] for at in row] for row in numbers]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_low_numbers_have_the_first_tint_high_ones_the_last_and_the_middle_is_pale(theme):
    values = torch.tensor([[[-9.0, 0.0, 0.5, 1.0, 9.0, torch.inf, -torch.inf, torch.nan]]])
    ((low, zero, middle, one, high, infinite, lowest, unknown),) = pixels(
        shaded(values, [Scale(0.5, 0.5)], theme)[0]
    )
    assert low == zero == lowest == theme.tints[0]
    assert one == high == infinite == theme.tints[-1]
    assert middle == unknown == theme.tints[len(theme.tints) // 2]


def test_as_classes_a_picture_has_one_tint_on_each_side_of_the_middle():
    values = torch.tensor([[[0.1, 0.2, 0.49, 0.51, 0.9]]])
    ((a, b, c, d, e),) = pixels(shaded(values, [Scale(0.5, 0.5)], LIGHT, two_tints=True)[0])
    assert a == b == c != d == e


def test_of_several_classes_the_one_that_wins_gives_the_colour():
    values = torch.eye(4)[:, None, :]
    expected = [LIGHT.tint(class_colour(number)) for number in range(4)]
    assert pixels(tinted(values, LIGHT)) == [expected]


def test_where_no_class_is_ahead_a_picture_is_pale():
    values = torch.full((3, 1, 1), 0.3)
    assert pixels(tinted(values, LIGHT)) == [[blend(LIGHT.pale, LIGHT.pale, 0)]]


@pytest.mark.parametrize(
    ("activation", "middle", "reach"),
    [("sigmoid", 0.5, 0.5), ("tanh", 0.0, 1.0), ("relu", 0.0, 3.0), ("linear", 0.0, 3.0)],
)
def test_a_neuron_s_scale_is_its_activation_s_range_or_what_there_is(activation, middle, reach):
    assert scales_of(activation, torch.tensor([[[-3.0, 2.0]]])) == [Scale(middle, reach)]
