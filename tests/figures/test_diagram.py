"""The diagram: every weight, bias and neuron is where and what it says."""

import itertools
import re
from dataclasses import replace

import plotly.graph_objects as go
import pytest
import torch
from following import draw_diagram
from hypothesis import given
from hypothesis import strategies as st
from scene import SHARED, SINGLE, Scene

from nets import Config, Network, backward, forward, start
from nets.engine.losses import LOSSES
from nets.explain.phases import phases
from nets.figures.changes import diagram_change
from nets.figures.colours import DARK, DIVERGING, LIGHT, round_scale
from nets.figures.diagram import skeleton
from nets.figures.diagram_style import COLOURINGS, MAX_EDGES, DiagramStyle, DiagramValues
from nets.figures.edges import BINS
from nets.figures.neurons import format_short

SIZES = [(5, 3, 1), (1, 1, 1), (4, 6, 2), (2, 3, 4, 3, 1), (20, 20, 3), (64, 64, 16)]


def style_of(run, theme=LIGHT, **options):
    names = run.data.input_names, run.data.output_names
    return DiagramStyle(
        run.config.sizes, theme, round_scale(run.network.parameters), *names, **options
    )


def numbers_of(run):
    activity = forward(run.network, run.data.inputs)
    loss = LOSSES[run.config.loss]
    return DiagramValues(
        run.network, activity, backward(run.network, activity, run.data.targets, loss)
    )


def drawn(sizes, **options):
    run = start(Config(sizes=sizes))
    return run, draw_diagram(style_of(run, **options), numbers_of(run))


def trace(picture, name):
    return next(trace for trace in picture["data"] if trace["name"] == name)


def flat_weights(network):
    return torch.cat([layer.weights.flatten() for layer in network.layers])


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_plotly_accepts_the_picture(sizes, theme):
    _, picture = drawn(sizes, theme=theme)
    go.Figure({"data": picture["data"], "layout": picture["layout"]})


@pytest.mark.parametrize("sizes", SIZES)
def test_every_neuron_and_every_bias_is_drawn_once(sizes):
    _, picture = drawn(sizes)
    for name, count in (("neurons", sum(sizes)), ("biases", sum(sizes[1:]))):
        points = trace(picture, name)
        assert len(set(zip(points["x"], points["y"], strict=True))) == count
        assert len(set(points["ids"])) == count
        assert len(points["marker"]["color"]) == count


@pytest.mark.parametrize("sizes", [sizes for sizes in SIZES if max(sizes) < 10])
def test_every_weight_is_a_line_between_its_two_neurons(sizes):
    run, picture = drawn(sizes)
    places = list(zip(trace(picture, "neurons")["x"], trace(picture, "neurons")["y"], strict=True))
    layers = [places[sum(sizes[:i]) : sum(sizes[: i + 1])] for i in range(len(sizes))]
    between = [pair for a, b in itertools.pairwise(layers) for pair in itertools.product(a, b)]
    shapes = picture["layout"]["shapes"]
    assert len(shapes) == len(between) == flat_weights(run.network).numel()
    for shape, (start_at, end_at) in zip(shapes, between, strict=True):
        numbers = shape["path"].replace("M", " ").replace("C", " ").split()
        assert tuple(map(int, numbers[:2])) == start_at
        assert tuple(map(int, numbers[-2:])) == end_at


def test_a_weights_sign_shows_in_colour_and_in_dashes_and_its_size_in_width():
    run, picture = drawn((5, 3, 1))
    lines = [shape["line"] for shape in picture["layout"]["shapes"]]
    shares = [DIVERGING.index(line["color"]) / (len(DIVERGING) - 1) for line in lines]
    weights = flat_weights(run.network).tolist()
    for weight, line, share in zip(weights, lines, shares, strict=True):
        assert (line["dash"] == "solid") == (weight > 0)
        assert (share > 0.5) == (weight > 0)
    by_size = sorted(zip(map(abs, weights), [line["width"] for line in lines], strict=True))
    widths = [width for _, width in by_size]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def test_a_weight_looks_the_same_when_other_weights_change():
    style = style_of(start(Config(sizes=(2, 1, 1))))
    pictures = []
    for other in (0.5, 500.0):
        layers = [
            (torch.tensor([[0.7], [other]]), torch.zeros(1)),
            (torch.ones(1, 1), torch.zeros(1)),
        ]
        network = Network.of(layers)
        pictures.append(
            draw_diagram(style, DiagramValues(network, forward(network, torch.ones(1, 2))))
        )
    first, second = (picture["layout"]["shapes"][0]["line"] for picture in pictures)
    assert first == second


def test_neurons_are_filled_and_labelled_by_the_first_examples_activation():
    run, picture = drawn((5, 3, 1))
    activity = forward(run.network, run.data.inputs)
    values = [
        *run.data.inputs[0].tolist(),
        *(a for out in activity.outputs for a in out[0].tolist()),
    ]
    neurons = trace(picture, "neurons")
    assert neurons["text"] == [format_short(value) for value in values]
    order = sorted(range(len(values)), key=values.__getitem__)
    shades = [LIGHT.fills.index(neurons["marker"]["color"][i]) for i in order]
    assert shades == sorted(shades)


def test_hover_gives_value_and_gradient_of_every_weight_and_bias():
    run, picture = drawn((5, 3, 1))
    numbers = numbers_of(run)
    pairs = [
        (layer.weights, g)
        for layer, g in zip(run.network.layers, numbers.gradients.weights, strict=True)
    ]
    expected = [
        [f"{w:.6g}", f"{g:.6g}"]
        for weights, slopes in pairs
        for w, g in zip(weights.flatten().tolist(), slopes.flatten().tolist(), strict=True)
    ]
    shown = [
        [text.replace("−", "-") for text in pair] for pair in trace(picture, "edges")["customdata"]
    ]
    assert shown == expected
    assert len(trace(picture, "biases")["customdata"]) == 4


@pytest.mark.parametrize("sizes", [(20, 20, 3), (32, 64, 16), (64, 64, 64, 16)])
def test_of_many_edges_only_the_strongest_are_drawn_and_a_note_says_so(sizes):
    run, picture = drawn(sizes)
    weights = flat_weights(run.network)
    paths = [shape["path"] for shape in picture["layout"]["shapes"][: 2 * BINS]]
    shown = {segment for path in paths for segment in path.split("M") if "L" in segment}
    segments = [segment.removeprefix("M") for segment in picture["segments"]]
    strongest = weights.abs().topk(min(MAX_EDGES, len(weights))).indices.tolist()
    assert shown == {segments[i] for i in strongest}
    notes = [note["text"] for note in picture["layout"]["annotations"]]
    said = f"The {MAX_EDGES} strongest of {len(weights)} weights are drawn."
    assert (said in notes) == (len(weights) > MAX_EDGES)


@pytest.mark.parametrize("names", [("W" * 40, "x"), ("Monatseinkommen", "ein Name"), ("収" * 9,)])
def test_long_names_are_cut_where_there_is_room_for_them(names):
    style = DiagramStyle((len(names), 3, 1), LIGHT, 1.0, names, ("y" * 40,))
    layout = skeleton(style)["layout"]
    left, right = layout["xaxis"]["range"]
    for note in layout["annotations"]:
        if "xanchor" in note:  # in pixels of the design: a letter takes at most its height
            room = note["x"] - left if note["xanchor"] == "right" else right - note["x"]
            wide = sum(13 if letter in "W収" else 7 for letter in re.sub("<.*?>", "", note["text"]))
            assert wide + abs(note["xshift"]) <= room * 440 / (right - left) + 6


def test_a_scale_that_a_third_of_the_weights_exceeds_is_said_in_the_picture():
    network = Network.of([(torch.tensor([[1.0], [-4.0], [2.0]]), torch.ones(1))])
    values = DiagramValues(network, forward(network, torch.ones(1, 3)))
    style = DiagramStyle((3, 1), LIGHT, 3.0, ("x1", "x2", "x3"), ("y1",))
    for scale, said in ((3.0, "1 of 3 weights are beyond the colour scale"), (4.0, "")):
        change = diagram_change(replace(style, scale=scale), values)
        (text,) = change["traces"]["note"]["text"]
        assert text.partition(":")[0] == said


@pytest.mark.parametrize("chosen", ["w1[2, 1]", "b2[0]", "a0[4]"])
def test_the_selected_part_is_highlighted_and_nothing_else_changes(chosen):
    _, plain = drawn((5, 3, 1))
    _, picture = drawn((5, 3, 1), selected=chosen)
    active = [
        shape for shape in picture["layout"]["shapes"] if shape["line"]["color"] == LIGHT.active
    ]
    outlined = [
        name
        for points in (trace(picture, "neurons"), trace(picture, "biases"))
        for name, colour in zip(points["ids"], points["marker"]["line"]["color"], strict=True)
        if colour == LIGHT.active
    ]
    if chosen.startswith("w"):
        at = trace(picture, "edges")["ids"].index(chosen)
        assert [shape["path"] for shape in active] == [plain["layout"]["shapes"][at]["path"]]
        assert outlined == []
    else:
        assert active == []
        assert outlined == [chosen]
    assert (
        picture["layout"]["shapes"][: len(plain["layout"]["shapes"])] == plain["layout"]["shapes"]
    )


def changed_properties(change):
    """Return each property in a change with its value, by its path."""
    found = {(name, path): v for name, part in change["traces"].items() for path, v in part.items()}
    found |= {("shapes", path): v for path, v in change.get("shapes", {}).items()}
    return found | {(key, ""): change[key] for key in ("codes", "pictures") if key in change}


@pytest.mark.parametrize("sizes", [SINGLE, SHARED], ids=str)
@pytest.mark.parametrize("whole", [True, False])
def test_a_change_contains_only_properties_that_differ_between_moments(sizes, whole):
    """Everything else would be sent to the browser at every epoch for nothing."""
    scenes = [Scene(sizes, phase) for phase in (None, *phases(len(sizes) - 1))]
    scenes += [Scene(sizes, None, colour_by=colour_by) for colour_by in COLOURINGS]
    moments = [
        changed_properties(diagram_change(scene.style, scene.numbers, whole=whole))
        for scene in scenes
    ]
    outgrown = replace(scenes[0].style, scale=1e-3)
    moments.append(changed_properties(diagram_change(outgrown, scenes[0].numbers, whole=whole)))
    for place, value in moments[0].items():
        assert any(other[place] != value for other in moments), place


def test_numbers_that_are_not_finite_can_still_be_drawn():
    network = Network.of([(torch.ones(2, 2), torch.ones(2))])
    network.parameters.copy_(torch.tensor([float("nan"), float("inf")]).repeat(8)[:16])
    style = DiagramStyle((2, 2), LIGHT, 1.0, ("x1", "x2"), ("y1", "y2"))
    draw_diagram(style, DiagramValues(network, forward(network, torch.ones(1, 2))))


def test_names_of_the_data_are_next_to_inputs_and_outputs():
    run = start(Config(sizes=(4, 3, 3), data="iris"))
    notes = {note["text"] for note in skeleton(style_of(run))["layout"]["annotations"]}
    names = [f"x<sub>{i}</sub> {name}" for i, name in enumerate(run.data.input_names, 1)]
    names += [f"ŷ<sub>{i}</sub> {name}" for i, name in enumerate(run.data.output_names, 1)]
    assert set(names) <= notes


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_value_always_fits_into_its_neuron(value):
    assert len(format_short(value)) <= 6
