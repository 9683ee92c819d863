"""Selection: the parts of a network by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nets.figures.diagram_style import all_edges, bias_id, edge_id, neuron_id, node_positions
from nets.page.visitor.selection import Selection

SIZES = (5, 3, 4, 2)


def test_every_name_that_the_diagram_gives_is_a_part_of_that_name():
    spots = [spot for layer in node_positions(SIZES) for spot in layer]
    names = [edge_id(edge) for edge in all_edges(SIZES)]
    names += [neuron_id(spot) for spot in spots]
    names += [bias_id(spot) for spot in spots if spot.layer > 0]
    assert [str(Selection.named(name, SIZES)) for name in names] == names


@pytest.mark.parametrize(
    "name",
    ["", "w1", "w1[0]", "w0[0, 0]", "b0[0]", "b1[0, 0]", "a1[3]", "w1[5, 0]", "a٣[1]", "w4[0, 0]"],
)
def test_a_name_that_the_network_does_not_have_is_no_part(name):
    assert Selection.named(name, SIZES) is None


@given(
    kind=st.sampled_from("wba"),
    layer=st.integers(0, 9),
    places=st.tuples(st.integers(0, 99), st.integers(0, 99)),
)
def test_the_nearest_part_always_exists(kind, layer, places):
    part = Selection.nearest(kind, layer, places, SIZES)
    assert Selection.named(str(part), SIZES) == part
