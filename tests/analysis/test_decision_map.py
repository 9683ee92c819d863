"""Decision map: a grid of points, and the output of every neuron at them."""

import pytest
import torch

from nets import Config, Data, advance, forward, start
from nets.analysis import decision_map
from nets.analysis.decision_map import MARGIN, Grid, find_ranges, point_sets

ON_A_PLANE = ["circle", "hills", "xor", "moons"]


def run_on(data, *sizes, **more):
    return advance(start(Config(sizes=sizes, data=data, examples=30, **more)), 2)


def maps_of(grid, network):
    with grid.maps(network) as maps:
        return [layer.clone() for layer in maps]


@pytest.mark.parametrize("rule", ["notebook", "gradient"])
@pytest.mark.parametrize("data", ON_A_PLANE)
def test_a_map_holds_the_output_at_each_of_its_points(data, rule):
    run = run_on(data, 2, 4, 3, 1, bias_rule=rule)
    grid = Grid.over(run, 9)
    inputs, *layers = maps_of(grid, run.network)
    points = inputs.flatten(start_dim=1).mT
    activity = forward(run.network, points)
    for maps, outputs in zip(layers, activity.outputs, strict=True):
        torch.testing.assert_close(maps.flatten(start_dim=1).mT, outputs)


@pytest.mark.parametrize("data", ON_A_PLANE)
def test_pixels_are_evenly_spaced_from_left_to_right_and_from_top_to_bottom(data):
    run = run_on(data, 2, 3, 1)
    grid = Grid.over(run, 10)
    (x, y), *_ = maps_of(grid, run.network)
    (left, right), (low, high) = grid.ranges
    middles = (torch.arange(10) + 0.5) / 10
    torch.testing.assert_close(x, (left + (right - left) * middles).expand(10, 10))
    torch.testing.assert_close(y, (high - (high - low) * middles)[:, None].expand(10, 10))


@pytest.mark.parametrize(("data", "n_input"), [("circle", 2), ("sine", 1), ("moons", 2)])
def test_all_training_and_test_examples_lie_inside_the_map(data, n_input):
    run = run_on(data, n_input, 3, 1, test_fraction=0.5)
    sets = point_sets(run)
    assert list(sets) == ["training", "test"]
    for examples in sets.values():
        for column, (low, high) in zip(examples.inputs.unbind(1), find_ranges(run), strict=True):
            assert low < column.min() <= column.max() < high


def test_axes_of_similar_extent_share_a_scale_and_others_do_not():
    def scales(width):
        inputs = torch.tensor([[0.0, 0.0], [width, 1.0]])
        data = Data(inputs, torch.zeros(2, 1))
        ranges = find_ranges(start(Config(sizes=(2, 1)), data=data))
        return [high - low for low, high in ranges]

    assert scales(2.0) == pytest.approx([2 * (1 + 2 * MARGIN)] * 2)
    assert scales(50.0) == pytest.approx([50 * (1 + 2 * MARGIN), 1 + 2 * MARGIN])


def test_a_constant_column_still_gets_an_extent():
    data = Data(torch.ones(3, 2), torch.zeros(3, 1))
    for low, high in find_ranges(start(Config(sizes=(2, 1)), data=data)):
        assert low < 1 < high


def test_more_than_two_inputs_are_refused():
    with pytest.raises(ValueError, match="at most 2"):
        Grid.over(start(Config()), 10)


def test_one_grid_serves_every_epoch():
    run = run_on("circle", 2, 3, 1)
    grid, later = Grid.over(run, 8), advance(run, 5)
    assert torch.equal(
        maps_of(grid, later.network)[-1], maps_of(Grid.over(later, 8), later.network)[-1]
    )


def test_derived_inputs_are_computed_at_every_point_and_are_not_axes():
    derived = ("x1_squared", "x1_times_x2")
    run = run_on("circle", 4, 3, 1, derived=derived)
    grid = Grid.over(run, 6)
    inputs, *_, outputs = maps_of(grid, run.network)
    assert len(grid.ranges) == 2
    torch.testing.assert_close(inputs[2], inputs[0].square())
    torch.testing.assert_close(inputs[3], inputs[0] * inputs[1])
    points = inputs.flatten(start_dim=1).mT
    torch.testing.assert_close(outputs.flatten()[:, None], forward(run.network, points).output)


def test_runs_of_one_shape_share_the_buffers_of_their_maps():
    first, second = (Grid.over(run_on("circle", 2, 3, 1, seed=seed), 10) for seed in (0, 1))
    network = run_on("circle", 2, 3, 1).network
    with first.maps(network) as maps:
        used = maps[-1].data_ptr()
    with second.maps(network) as maps, first.maps(network) as others:
        assert maps[-1].data_ptr() == used != others[-1].data_ptr()


def test_the_buffers_that_wait_for_their_next_use_are_bounded():
    for width in range(1, 65):
        run = run_on("circle", 2, width, 64, 64, 1)
        with Grid.over(run, 50).maps(run.network):
            pass
    held = sum(
        activity.sums[0].untyped_storage().nbytes() + activity.outputs[0].untyped_storage().nbytes()
        for _, _, activity in decision_map.spare_buffers._waiting
    )
    assert 0 < held <= 4 * 1.1 * decision_map.MOST_SPARE_NUMBERS
