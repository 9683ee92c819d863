"""Revealing: a phase shows what is known by then, and lights what is being computed."""

from decimal import Decimal

import plotly.graph_objects as go
import pytest
from scene import EXAMPLE, SHARED, SINGLE, Scene, computed_now, in_every_phase, on_single_lines

from nets.explain.phases import Phase, phases
from nets.figures.changes import applied, change
from nets.figures.colours import DARK, LIGHT
from nets.figures.diagram_style import COLOURINGS
from nets.figures.neurons import brief, brief_small, short
from nets.figures.visibility import visibility_in


@in_every_phase
def test_a_neuron_shows_its_activation_or_delta_and_nothing_before_it_is_computed(sizes, phase):
    scene = Scene(sizes, phase)
    activity, deltas = scene.step.activity, scene.step.gradients.deltas
    neurons = scene.trace("neurons")
    hover, fills = (scene.neurons(c) for c in (neurons["customdata"], neurons["marker"]["color"]))
    text = scene.neurons(neurons["text"]) if scene.look.shows_values else None
    for layer in range(len(sizes)):
        known = phase.step != "forward" or layer <= phase.layer
        with_delta = phase.step == "backward" and layer >= phase.layer
        a = activity.inputs[0] if layer == 0 else activity.outputs[layer - 1]
        values = (deltas[layer - 1] if with_delta else a)[EXAMPLE]
        write = brief_small if with_delta else brief
        expected = [("δ = " if with_delta else "") + one for one in short(values)]
        assert hover[layer] == (expected if known else ["not computed yet"] * sizes[layer])
        if text:
            assert text[layer] == [write(v) if known else "" for v in values.tolist()]
        assert known or set(fills[layer]) == {scene.look.theme.paper}


@in_every_phase
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_computed_is_outlined_and_nothing_else(sizes, phase, theme):
    scene = Scene(sizes, phase, theme)
    now = computed_now(phase, scene.last)
    expected = {f"{kind}{i}[{k}]" for kind in "ab" for i in now for k in range(sizes[i])}
    assert scene.outlined() == expected
    chosen = Scene(sizes, phase, theme, selected="a0[1]")
    assert chosen.outlined() == expected | {"a0[1]"}
    assert Scene(sizes, None, theme).outlined() == set()


def half_a_digit(number):
    """Half a unit of the sixth digit that counts."""
    return Decimal(10) ** (number.adjusted() - 5) / 2 if number else Decimal(0)


@pytest.mark.parametrize("sizes", [SINGLE, SHARED], ids=str)
def test_an_update_s_hover_gives_old_change_and_new_which_add_up(sizes):
    scene = Scene(sizes, Phase("update"))
    before, after = scene.step.network.layers, scene.step.after.layers
    for kind, column in (("edges", "weights"), ("biases", "biases")):
        rows = scene.trace(kind)["customdata"]
        pairs = [
            (old, new)
            for one, other in zip(before, after, strict=True)
            for old, new in zip(*(getattr(x, column).flatten() for x in (one, other)), strict=True)
        ]
        assert len(rows) == (len(pairs) if scene.look.single or kind == "biases" else 0)
        for (text, _), (old, new) in zip(rows, pairs, strict=False):
            texts = text.replace("−", "-").replace(" = ", " + ").split(" + ")
            assert [texts[0], texts[2]] == [f"{old:.6g}", f"{new:.6g}"]
            first, more, total = (Decimal(one.strip("()")) for one in texts)
            missed = abs(first + more - total)
            assert missed <= sum(map(half_a_digit, (first, more, total)))


@on_single_lines
def test_a_gradient_is_in_the_hover_boxes_once_backpropagation_is_over(sizes, phase):
    scene = Scene(sizes, phase)
    slopes = [row[1] for kind in ("edges", "biases") for row in scene.trace(kind)["customdata"]]
    gradients = scene.step.gradients
    known = [short(g.flatten()) for g in (*gradients.weights, *gradients.biases)]
    expected = [text for texts in known for text in texts]
    assert slopes == (expected if phase.step == "update" else ["…"] * len(expected))


@in_every_phase
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("colour_by", COLOURINGS)
def test_at_rest_after_a_phase_the_figure_is_the_one_drawn_at_rest(sizes, phase, theme, colour_by):
    scene, rest = Scene(sizes, phase, theme, colour_by), Scene(sizes, None, theme, colour_by)
    go.Figure({key: scene.picture[key] for key in ("data", "layout")})
    assert scene.picture != rest.picture
    assert applied(scene.picture, change(rest.look, rest.numbers)) == rest.picture


@pytest.mark.parametrize("colour_by", COLOURINGS)
def test_no_edge_is_coloured_by_what_is_not_computed_yet(colour_by):
    for at, phase in enumerate(phases(3)[:-1]):
        reached = {done.layer for done in phases(3)[: at + 1] if done.step == "backward"}
        edges = visibility_in(phase, 3, colour_by).edges
        expected = ["gradient" if layer in reached else "weight" for layer in (1, 2, 3)]
        assert list(edges) == expected
