"""Second cues: what a colour says, a shape, a stripe or a line says too."""

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image
from scene import Scene, computed_now, in_every_phase

from nets import Data
from nets.figures.colours import ABOVE, BELOW, CLASS_COLOURS, DARK, LIGHT
from nets.figures.heat_map import Scale, draw_classes, draw_maps
from nets.figures.predicted_vs_true import predicted_vs_true_change
from nets.figures.scatter import Subject, point_colours, point_symbols

SIDE = 40  # pixels of a map


def grey(source):
    """Return an image as shades of grey: all that an eye without colours sees."""
    image = Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2])))
    return np.asarray(image.convert("RGB").convert("L")).astype(int)


@in_every_phase
def test_a_bias_is_a_diamond_where_what_it_shows_is_below_0(sizes, phase):
    scene = Scene(sizes, phase)
    marker = scene.trace("biases")["marker"]
    for colour, symbol in zip(marker["color"], marker["symbol"], strict=True):
        red, blue = int(colour[1:3], 16), int(colour[5:7], 16)
        if red > blue + 10 or blue > red + 20:  # otherwise too close to 0 to tell by the colour
            assert (symbol == BELOW) == (red > blue)


@in_every_phase
def test_a_neuron_is_a_diamond_where_it_shows_a_delta_below_0(sizes, phase):
    scene = Scene(sizes, phase)
    row = scene.numbers.example
    for layer, symbols in enumerate(scene.neurons(scene.trace("neurons")["marker"]["symbol"])):
        shown = phase.step == "backward" and layer >= min(computed_now(phase, scene.last))
        deltas = scene.step.gradients.deltas[layer - 1][row].tolist() if shown else [0.0]
        expected = [BELOW if delta < 0 else ABOVE for delta in deltas]
        assert symbols == (expected if shown else [ABOVE] * len(symbols))


@pytest.mark.parametrize("all_classes", [True, False])
def test_examples_of_different_colours_have_different_shapes(all_classes):
    targets = torch.eye(len(CLASS_COLOURS))
    looks = [
        look(targets, 0, classes=True, all_classes=all_classes)
        for look in (point_colours, point_symbols)
    ]
    pairs = set(zip(*looks, strict=True))
    assert len(pairs) == len({colour for colour, _ in pairs}) == len({shape for _, shape in pairs})


def test_a_number_below_the_middle_is_a_diamond():
    targets = torch.tensor([[-2.0], [-0.1], [0.1], [2.0]])
    shapes = point_symbols(targets, 0, classes=False, all_classes=False)
    assert shapes == [BELOW, BELOW, ABOVE, ABOVE]


def test_a_wrong_prediction_has_another_shape_than_a_right_one():
    data = Data(torch.zeros(3, 4), torch.eye(3))
    outputs = torch.tensor([[0.9, 0.0, 0.1], [0.8, 0.1, 0.1], [0.0, 0.1, 0.9]])
    change = predicted_vs_true_change(
        Subject("", 0, True, True), {"training": data}, {"training": outputs}
    )
    assert change["traces"]["training"]["marker.symbol"] == [ABOVE, BELOW, ABOVE]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("two_colours", [True, False])
def test_without_colours_a_map_still_shows_its_sides_and_their_boundary(theme, two_colours):
    half = SIDE // 2
    values = torch.full((1, SIDE, SIDE), 0.2)
    values[..., half:] = 0.8
    (source,) = draw_maps(values, [Scale(0.5, 0.5)], theme, two_colours=two_colours)
    shades = grey(source)
    below, line, above = shades[:, :half], shades[:, half], shades[:, half + 1 :]
    assert len(np.unique(below)) == 2
    assert len(np.unique(above)) == len(np.unique(line)) == 1
    assert all(abs(line[0] - shade) > 25 for shade in (*np.unique(above), *np.unique(below)))
    assert np.ptp(below) > 25


def test_without_colours_a_map_of_classes_still_shows_their_boundaries():
    half = SIDE // 2
    values = torch.zeros(2, SIDE, SIDE)
    values[0, :half], values[1, half:] = 1.0, 1.0
    shades = grey(draw_classes(values, LIGHT))
    assert len(np.unique(shades[half])) == 1
    assert all(abs(shades[half, 0] - shades[at, 0]) > 25 for at in (0, SIDE - 1))
