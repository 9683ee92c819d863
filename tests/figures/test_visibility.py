"""A phase shows what has been computed so far, and outlines what it computes itself."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import plotly.graph_objects as go
import pytest
from following import apply_change
from scene import EXAMPLE, SHARED, SINGLE, Scene, computed_now, in_every_phase, on_single_lines

from nets.explain.phases import Phase, phases
from nets.figures.changes import diagram_change
from nets.figures.colours import DARK, LIGHT
from nets.figures.diagram_style import COLOURINGS
from nets.figures.neurons import format_numbers


def negate_from(scene, first):
    """Negate all that phase number `first` and the phases after it compute."""
    order, layers, numbers = phases(scene.last), range(1, scene.last + 1), scene.numbers

    def negate(step, tensors):
        signs = [-1 if order.index(Phase(step, layer)) >= first else 1 for layer in layers]
        return tuple(sign * tensor for sign, tensor in zip(signs, tensors, strict=True))

    gradients = numbers.gradients
    parts = {name: getattr(gradients, name) for name in ("deltas", "weights", "biases")}
    return replace(
        numbers,
        activity=replace(numbers.activity, outputs=negate("forward", numbers.activity.outputs)),
        gradients=replace(gradients, **{n: negate("backward", part) for n, part in parts.items()}),
        change=numbers.change if first == len(order) else -numbers.change,
    )


@in_every_phase
@pytest.mark.parametrize("colour_by", COLOURINGS)
def test_a_phase_shows_what_it_computes_and_nothing_that_is_computed_later(sizes, phase, colour_by):
    scene = Scene(sizes, phase, colour_by=colour_by)
    number = phases(scene.last).index(phase)
    shown = diagram_change(scene.style, scene.numbers)
    assert diagram_change(scene.style, negate_from(scene, number + 1)) == shown
    if phase.step not in ("loss", "update"):  # the loss is no part of the diagram
        assert diagram_change(scene.style, negate_from(scene, number)) != shown


@in_every_phase
def test_a_neuron_shows_its_activation_or_with_a_sign_its_delta(sizes, phase):
    scene = Scene(sizes, phase)
    activity, deltas = scene.step.activity, scene.step.gradients.deltas
    texts = scene.neurons(scene.trace("neurons")["customdata"])
    for layer, row in enumerate(texts):
        a = activity.inputs[0] if layer == 0 else activity.outputs[layer - 1]
        for index, text in enumerate(row):
            if text == "not computed yet":
                continue
            values = deltas[layer - 1] if text.startswith("δ = ") else a
            number = float(text.removeprefix("δ = ").replace("−", "-"))
            assert number == pytest.approx(values[EXAMPLE, index].item(), rel=1e-5)


@pytest.mark.parametrize("sizes", [SINGLE, SHARED], ids=str)
def test_each_phase_adds_one_layer_that_is_known_or_has_deltas(sizes):
    unknown, with_delta = [], []
    for phase in phases(len(sizes) - 1):
        texts = Scene(sizes, phase).trace("neurons")["customdata"]
        unknown.append(sum(text == "not computed yet" for text in texts))
        with_delta.append(sum(text.startswith("δ") for text in texts))
    forward = len(sizes) - 1
    hidden_and_output = list(sizes[1:])
    assert [a - b for a, b in pairwise([sum(sizes[1:]), *unknown])] == [
        *hidden_and_output,
        *[0] * (len(unknown) - forward),
    ]
    backward = with_delta[forward + 1 : -1]
    assert [b - a for a, b in pairwise([0, *backward])] == hidden_and_output[::-1]
    assert with_delta[: forward + 1] == [0] * (forward + 1)
    assert with_delta[-1] == 0


@in_every_phase
def test_an_unknown_neuron_is_empty(sizes, phase):
    scene = Scene(sizes, phase)
    neurons = scene.trace("neurons")
    texts = neurons["text"] if scene.style.shows_values else [""] * sum(sizes)
    for hover, text, fill in zip(
        neurons["customdata"], texts, neurons["marker"]["color"], strict=True
    ):
        if hover == "not computed yet":
            assert (text, fill) == ("", scene.style.theme.paper)


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
    """Return half a unit of the sixth significant digit."""
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
        assert len(rows) == (len(pairs) if scene.style.separate_lines or kind == "biases" else 0)
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
    known = [format_numbers(g.flatten()) for g in (*gradients.weights, *gradients.biases)]
    expected = [text for texts in known for text in texts]
    assert slopes == (expected if phase.step == "update" else ["…"] * len(expected))


@in_every_phase
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("colour_by", COLOURINGS)
def test_at_rest_after_a_phase_the_figure_is_the_one_drawn_at_rest(sizes, phase, theme, colour_by):
    scene, rest = Scene(sizes, phase, theme, colour_by), Scene(sizes, None, theme, colour_by)
    go.Figure({key: scene.picture[key] for key in ("data", "layout")})
    assert scene.picture != rest.picture
    assert apply_change(scene.picture, diagram_change(rest.style, rest.numbers)) == rest.picture
