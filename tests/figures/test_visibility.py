"""A phase shows what has been computed so far, and outlines what it computes itself."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import plotly.graph_objects as go
import pytest
import torch
from following import apply_change
from scene import EXAMPLE, SHARED, SINGLE, Scene, computed_now, in_every_phase, on_single_lines

from nets import forward, rewind
from nets.explain.phases import Phase, phases
from nets.figures.changes import diagram_change
from nets.figures.colours import DARK, DIVERGING, LIGHT, colours_for, round_scale
from nets.figures.diagram_style import COLOURINGS
from nets.figures.neurons import BLANK, format_numbers

KINDS = ("edges", "biases")


def negate_from(scene, first):
    """Negate all that phase number `first` and the phases after it compute."""
    order, layers, numbers = phases(scene.last), range(1, scene.last + 1), scene.numbers

    def negate(step, tensors):
        signs = [-1 if order.index(Phase(step, layer)) >= first else 1 for layer in layers]
        return tuple(sign * tensor for sign, tensor in zip(signs, tensors, strict=True))

    gradients, own = numbers.gradients, negate("backward", numbers.bias_gradients)
    parts = {name: getattr(gradients, name) for name in ("deltas", "weights", "biases")}
    return replace(
        numbers,
        activity=replace(numbers.activity, outputs=negate("forward", numbers.activity.outputs)),
        gradients=replace(gradients, **{n: negate("backward", part) for n, part in parts.items()}),
        bias_gradients=own,
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
    deltas = scene.step.gradients.deltas
    network = scene.step.after if phase.step == "update" else scene.step.network
    activity = forward(network, scene.step.activity.inputs[0])
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
    texts = neurons["text"] if scene.style.shows_values else [BLANK] * sum(sizes)
    assert all(texts)  # Plotly would remove an empty one
    for hover, text, fill in zip(
        neurons["customdata"], texts, neurons["marker"]["color"], strict=True
    ):
        if hover == "not computed yet":
            assert (text, fill) == (BLANK, scene.style.theme.paper)


@in_every_phase
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_computed_is_outlined_and_nothing_else(sizes, phase, theme):
    scene = Scene(sizes, phase, theme)
    now = computed_now(phase, scene.last)
    kinds = "b" if phase.step == "update" else "ab"  # an update computes no neuron
    expected = {f"{kind}{i}[{k}]" for kind in kinds for i in now for k in range(sizes[i])}
    assert scene.outlined() == expected
    chosen = Scene(sizes, phase, theme, selected="a0[1]")
    assert chosen.outlined() == expected | {"a0[1]"}
    assert Scene(sizes, None, theme).outlined() == set()


@pytest.mark.parametrize("sizes", [SINGLE, SHARED], ids=str)
def test_an_update_s_hover_gives_old_change_and_new_which_add_up(sizes):
    scene = Scene(sizes, Phase("update"))
    before, after = scene.step.network.layers, scene.step.after.layers
    for kind, column in (("edges", "weights"), ("biases", "biases")):
        rows = scene.trace(kind)["customdata"]
        pairs = [
            pair
            for one, other in zip(before, after, strict=True)
            for pair in zip(*(getattr(x, column).flatten() for x in (one, other)), strict=True)
        ]
        assert len(rows) == (len(pairs) if scene.style.separate_lines or kind == "biases" else 0)
        for (text, _), (old, new) in zip(rows, pairs, strict=False):
            texts = text.replace("−", "-").replace(" = ", " + ").split(" + ")
            first, more, total = (Decimal(one.strip("()")) for one in texts)
            unit = Decimal(1).scaleb(total.as_tuple().exponent)
            assert abs(first + more - total) < unit / 2
            assert float(first) == pytest.approx(old.item(), rel=1e-5)
            assert float(total) == pytest.approx(new.item(), abs=float(unit / 2) * 1.001)


def in_all(tensors):
    return [text for tensor in tensors for text in format_numbers(tensor.flatten())]


@on_single_lines
def test_a_gradient_is_in_the_hover_boxes_once_backpropagation_is_over(sizes, phase):
    scene = Scene(sizes, phase)
    weights, biases = ([row[1] for row in scene.trace(kind)["customdata"]] for kind in KINDS)
    if phase.step != "update":
        assert {*weights, *biases} == {"…"}
        return
    gradients = scene.step.gradients
    assert weights == [f"{text} before the update" for text in in_all(gradients.weights)]
    own = in_all(delta.sum(dim=0) for delta in gradients.deltas)
    for text, gradient, used in zip(biases, own, in_all(gradients.biases), strict=True):
        assert text.startswith(f"{gradient}<br>used instead: {used}, the sum over the layer")


@pytest.mark.parametrize("colour_by", COLOURINGS)
@pytest.mark.parametrize("rule", ["notebook", "gradient"])
def test_biases_have_the_colours_of_lines_with_the_same_number(colour_by, rule):
    scene = Scene(SINGLE, None, colour_by=colour_by, bias_rule=rule)
    run, layers = scene.run, scene.run.network.layers
    before = rewind(run, run.epoch - 1).network.layers
    gradients = torch.autograd.grad(*loss_and_parameters(run))
    values = {
        "weight": [(layer.weights, layer.biases) for layer in layers],
        "gradient": list(zip(gradients[::2], gradients[1::2], strict=True)),
        "last change": [
            (new.weights - old.weights, new.biases - old.biases)
            for new, old in zip(layers, before, strict=True)
        ],
    }[colour_by]
    scale = (
        scene.style.scale
        if colour_by == "weight"
        else round_scale(torch.cat([part.flatten() for pair in values for part in pair]))
    )
    for (weights, biases), lines, squares in zip(
        values, scene.colours(), scene.biases(scene.trace("biases")["marker"]["color"]), strict=True
    ):
        assert lines == colours_for(weights, -scale, scale, DIVERGING)
        assert squares == colours_for(biases, -scale, scale, DIVERGING)


def loss_and_parameters(run):
    """The loss that the updates descend, by torch, and the tensors it depends on."""
    pairs = [(layer.weights.double(), layer.biases.double()) for layer in run.network.layers]
    parameters = [part.requires_grad_() for pair in pairs for part in pair]
    a = run.data.inputs.double()
    for weights, biases in pairs:
        a = torch.sigmoid(a @ weights + biases)
    return ((a - run.data.targets) ** 2).sum() / 2, parameters


@in_every_phase
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("colour_by", COLOURINGS)
def test_at_rest_after_a_phase_the_figure_is_the_one_drawn_at_rest(sizes, phase, theme, colour_by):
    scene, rest = Scene(sizes, phase, theme, colour_by), Scene(sizes, None, theme, colour_by)
    go.Figure({key: scene.picture[key] for key in ("data", "layout")})
    assert scene.picture != rest.picture
    assert apply_change(scene.picture, diagram_change(rest.style, rest.numbers)) == rest.picture
