"""Edges: those of the phase are highlighted, in the colour of the number that they show."""

from dataclasses import replace

import pytest
import torch
from scene import SHARED, SINGLE, Scene, computed_now, name_of, on_single_lines

from nets import advance, start
from nets.explain.phases import Phase, phases
from nets.figures.changes import diagram_change
from nets.figures.colours import DARK, DIVERGING, LIGHT, MIDPOINT, colours_for, round_scale
from nets.figures.diagram import skeleton
from nets.figures.diagram_style import COLOURINGS
from nets.figures.edges import FIRST, NOT_DRAWN


@on_single_lines
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_and_biases_of_the_phase_keep_their_colour_and_all_others_fade(sizes, phase, theme):
    scene = Scene(sizes, phase, theme)
    at_work = set() if phase.step == "loss" else computed_now(phase, scene.last)
    edges = scene.colours()
    biases = scene.biases(scene.trace("biases")["marker"]["color"])
    for i in range(1, len(sizes)):
        colours = DIVERGING if i in at_work else theme.faded
        assert set(edges[i - 1] + biases[i - 1]) <= set(colours)


@pytest.mark.parametrize("phase", phases(2), ids=name_of)
def test_where_edges_share_lines_only_those_of_the_phase_are_drawn(phase):
    scene = Scene(SHARED, phase)
    at_work = set() if phase.step == "loss" else computed_now(phase, scene.last)
    codes = scene.edges(diagram_change(scene.style, scene.numbers)["codes"])
    for i, letters in enumerate(codes, start=1):
        assert [letter != NOT_DRAWN for letter in letters] == [i in at_work] * len(letters)


def shades(values, end):
    return colours_for(values, -end, end, DIVERGING)


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_backpropagation_colours_edges_by_their_gradient_on_the_scale_of_all_gradients(layer):
    scene = Scene(SINGLE, Phase("backward", layer))
    gradients = scene.step.gradients.weights
    own = [delta.sum(dim=0) for delta in scene.step.gradients.deltas]
    end = round_scale(torch.cat([g.flatten() for g in (*gradients, *own)]))
    assert scene.colours()[layer - 1] == shades(gradients[layer - 1], end)
    assert scene.trace("colour bar")["marker"]["colorbar"]["title"]["text"] == "gradient"


@pytest.mark.parametrize("colour_by", COLOURINGS)
def test_an_update_colours_edges_by_the_new_weight_or_by_the_chosen_quantity(colour_by):
    scene = Scene(SINGLE, Phase("update"), colour_by=colour_by)
    step = scene.step
    moved = step.network.with_parameters(step.after.parameters - step.network.parameters)
    columns = {
        "weight": ([layer.weights for layer in step.after.layers], []),
        "gradient": (step.gradients.weights, [d.sum(dim=0) for d in step.gradients.deltas]),
        "last change": ([layer.weights for layer in moved.layers], [moved.parameters]),
    }
    column, biases = columns[colour_by]
    every = torch.cat([values.flatten() for values in (*column, *biases)])
    end = scene.style.scale if colour_by == "weight" else round_scale(every)
    assert scene.colours() == [shades(values, end) for values in column]
    bar = scene.trace("colour bar")["marker"]["colorbar"]
    assert bar["title"]["text"] in colour_by
    assert bar["ticktext"][-1] == f"≥ {end:g}"


def test_at_rest_the_last_change_is_that_of_the_last_epoch():
    scene = Scene(SINGLE, None, colour_by="last change")
    before = advance(start(scene.run.config), 1).network
    moved = before.with_parameters(scene.run.network.parameters - before.parameters)
    column = [layer.weights for layer in moved.layers]
    end = round_scale(moved.parameters)
    assert scene.colours() == [shades(values, end) for values in column]


@pytest.mark.parametrize("sizes", [SINGLE, SHARED], ids=["single", "shared"])
def test_a_weight_and_a_bias_of_0_are_grey_and_look_like_nothing_below_0(sizes):
    scene = Scene(sizes, None)
    zero = scene.run.network.with_parameters(torch.zeros_like(scene.run.network.parameters))
    change = diagram_change(scene.style, replace(scene.numbers, network=zero))
    assert set(change["traces"]["biases"]["marker.color"]) == {MIDPOINT}
    assert set(change["traces"]["biases"]["marker.symbol"]) == {"square"}
    if scene.style.separate_lines:
        assert set(change["shapes"]["line.color"]) == {MIDPOINT}
        assert set(change["shapes"]["line.dash"]) == {"solid"}
    else:
        lines = skeleton(scene.style)["layout"]["shapes"]
        drawn = set(change["codes"]) - {NOT_DRAWN}
        assert {lines[ord(code) - ord(FIRST)]["line"]["dash"] for code in drawn} == {"solid"}
