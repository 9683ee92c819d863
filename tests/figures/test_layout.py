"""Where neurons and weights are drawn."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nets.engine.activations import ACTIVATIONS
from nets.engine.network import initialize
from nets.figures.diagram_style import GRID, MAX_DISTINCT, Edge, all_edges, node_positions
from nets.seeds import stream

SIZES = st.lists(st.integers(1, 64), min_size=2, max_size=8)
NETWORKS = [(5, 3, 1), (2, 4, 4, 1), (1, 1), (4, 6, 2), (3, 1, 2, 5)]


@given(SIZES)
def test_every_neuron_has_a_place_in_its_layer_and_order(sizes):
    spots = node_positions(sizes)
    assert [len(layer) for layer in spots] == sizes
    for number, layer in enumerate(spots):
        assert [(spot.layer, spot.index) for spot in layer] == [
            (number, index) for index in range(len(layer))
        ]


@given(SIZES)
def test_every_neuron_is_inside_the_canvas(sizes):
    for spot in itertools.chain(*node_positions(sizes)):
        assert 0 <= spot.x <= GRID
        assert 0 <= spot.y <= GRID


@given(SIZES)
def test_no_two_neurons_have_the_same_position(sizes):
    places = [(spot.x, spot.y) for spot in itertools.chain(*node_positions(sizes))]
    assert len(set(places)) == sum(sizes)


@given(SIZES)
def test_layers_are_columns_from_left_to_right_at_equal_distances(sizes):
    columns = [{spot.x for spot in layer} for layer in node_positions(sizes)]
    assert all(len(column) == 1 for column in columns)
    places = [x for (x,) in columns]
    assert (places[0], places[-1]) == (0, GRID)
    gaps = [right - left for left, right in itertools.pairwise(places)]
    assert min(gaps) > 0
    assert max(gaps) - min(gaps) <= 1


def gaps_of(layer):
    return [upper.y - lower.y for upper, lower in itertools.pairwise(layer)]


@given(SIZES)
def test_the_first_neuron_of_a_layer_is_highest_and_distances_are_equal(sizes):
    for gaps in map(gaps_of, node_positions(sizes)):
        assert all(gap > 0 for gap in gaps)
        assert not gaps or max(gaps) - min(gaps) <= 1


@given(SIZES)
def test_no_layer_is_denser_than_the_largest_and_in_small_networks_all_are_equal(sizes):
    gaps = [gap for layer in node_positions(sizes) for gap in gaps_of(layer)]
    largest = [
        gap for layer in node_positions(sizes) if len(layer) == max(sizes) for gap in gaps_of(layer)
    ]
    if gaps:
        assert min(gaps) == min(largest)
        assert max(sizes) > MAX_DISTINCT or max(gaps) - min(gaps) <= 1


@given(SIZES)
def test_every_layer_is_centred(sizes):
    for layer in node_positions(sizes):
        assert abs((layer[0].y + layer[-1].y) / 2 - GRID / 2) <= 1


@pytest.mark.parametrize("sizes", NETWORKS)
def test_the_order_of_edges_is_the_order_of_a_network_s_weights(sizes):
    activations = [ACTIVATIONS["tanh"]] * (len(sizes) - 1)
    network = initialize(sizes, activations, stream(1))
    weights = [weight for layer in network.layers for weight in layer.weights.flatten().tolist()]
    drawn = [network.layers[e.layer].weights[e.source, e.target].item() for e in all_edges(sizes)]
    assert drawn == weights


@given(SIZES)
def test_every_neuron_is_joined_once_to_every_neuron_of_the_next_layer(sizes):
    assert len(all_edges(sizes)) == sum(a * b for a, b in itertools.pairwise(sizes))
    assert set(all_edges(sizes)) == {
        Edge(layer, source, target)
        for layer in range(len(sizes) - 1)
        for source in range(sizes[layer])
        for target in range(sizes[layer + 1])
    }


@given(st.integers(2, 12), st.integers(2, 12), st.lists(st.integers(1, 64), min_size=1, max_size=4))
def test_pixels_have_the_rows_and_columns_of_their_image_and_other_layers_do_not_move(
    rows, columns, others
):
    sizes = (rows * columns, *others)
    pixels, *rest = node_positions(sizes, (rows, columns))
    assert [spot.index for spot in pixels] == list(range(rows * columns))
    for row in range(rows):
        heights = {spot.y for spot in pixels[row * columns : (row + 1) * columns]}
        assert len(heights) == 1
        assert row == 0 or max(heights) < pixels[(row - 1) * columns].y
    for column in range(columns):
        places = {spot.x for spot in pixels[column::columns]}
        assert len(places) == 1
        assert column == 0 or min(places) > pixels[column - 1].x
    assert max(spot.x for spot in pixels) == node_positions(sizes)[0][0].x
    assert rest == node_positions((1, *others))[1:]
