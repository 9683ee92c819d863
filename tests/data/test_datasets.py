"""The table of data sets: each is what its row says, and nothing else knows it by name."""

import ast
import operator
from pathlib import Path

import numpy
import pytest
import torch

import nets
from nets.config import Config
from nets.data.datasets import DATASETS
from nets.data.examples import DataRequest
from nets.seeds import stream
from nets.training.run import start


def made(name, request=(1, 5, 1), seed=0):
    return DATASETS[name].make(DataRequest(*request), stream(seed))


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_has_the_sizes_of_its_row(name):
    dataset = DATASETS[name]
    data = made(name, (7, 5, 2))
    assert dataset.name == name
    assert (data.inputs.shape[1], data.targets.shape[1]) == (dataset.sizes or (5, 2))
    assert len(data) == len(data.targets) == (dataset.n_examples or 7)


@pytest.mark.parametrize("name", DATASETS)
def test_all_columns_of_a_data_set_have_different_names(name):
    data = made(name, (7, 5, 2))
    assert len(set(data.input_names)) == data.inputs.shape[1]
    assert len(set(data.output_names)) == data.targets.shape[1]


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_is_float32_and_shares_no_memory(name):
    data, again = made(name), made(name)
    for one, other in ((data.inputs, again.inputs), (data.targets, again.targets)):
        assert one.dtype == torch.float32
        assert one.is_contiguous()
        assert torch.equal(one, other)
        assert one.data_ptr() != other.data_ptr()


@pytest.mark.parametrize("name", DATASETS)
def test_making_data_does_not_touch_the_global_random_numbers(name):
    torch.manual_seed(5)
    numpy.random.seed(5)
    expected = torch.rand(3), numpy.random.rand(3)
    torch.manual_seed(5)
    numpy.random.seed(5)
    made(name)
    assert torch.equal(torch.rand(3), expected[0])
    assert (numpy.random.rand(3) == expected[1]).all()


@pytest.mark.parametrize("shape", [(1, 5, 1), (1, 1, 1), (3, 4, 2), (250, 64, 16)])
@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_the_notebook_s_data_are_drawn_as_in_the_notebook(shape, seed):
    examples, n_input, n_output = shape
    torch.manual_seed(seed)
    x = torch.randn((examples, n_input))
    y = torch.randn((examples, n_output))
    data = made("notebook", shape, seed)
    assert torch.equal(data.inputs, x)
    assert torch.equal(data.targets, y)


@pytest.mark.parametrize("examples", [1, 4])
def test_a_run_draws_data_and_weights_in_the_notebook_s_order(examples):
    n_input, n_hidden, n_output = 5, 3, 1
    torch.manual_seed(9)
    x, y = torch.randn(examples, n_input), torch.randn(examples, n_output)
    w1, w2 = torch.randn(n_input, n_hidden), torch.randn(n_hidden, n_output)
    b1, b2 = torch.randn(1, n_hidden), torch.randn(1, n_output)
    run = start(Config(seed=9, examples=examples))
    hidden, output = run.network.layers
    mine = run.data.inputs, run.data.targets, hidden.weights, output.weights
    for one, other in zip(
        (*mine, hidden.biases, output.biases), (x, y, w1, w2, b1, b2), strict=True
    ):
        assert torch.equal(one, other)


@pytest.mark.parametrize(
    ("name", "operator"), [("and", operator.and_), ("or", operator.or_), ("xor", operator.xor)]
)
def test_a_truth_table_has_the_four_rows_of_its_operator(name, operator):
    data = made(name)
    table = {
        tuple(row): answer
        for row, (answer,) in zip(data.inputs.tolist(), data.targets.tolist(), strict=True)
    }
    assert table == {(a, b): operator(a, b) for a in (0, 1) for b in (0, 1)}
    assert data.output_names == (name,)


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_describes_itself_beginning_with_a_short_sentence(name):
    dataset = DATASETS[name]
    first, _, _ = dataset.about.partition(". ")
    assert dataset.about.endswith(".")
    assert len(first) <= 110
    assert len({other.title for other in DATASETS.values()}) == len(DATASETS)


def test_no_file_compares_anything_with_the_name_of_a_data_set():
    """The row says what is special about a data set."""
    for path in Path(nets.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare):
                sides = [ast.unparse(side).strip("'") for side in (node.left, *node.comparators)]
                of_data = any(side.endswith(".data") for side in sides)
                assert not (of_data and {*sides} & {*DATASETS}), (path, node.lineno)


def test_data_have_a_pattern_unless_their_numbers_are_random():
    for name, dataset in DATASETS.items():
        one, other = (made(name, (7, 5, 2), seed) for seed in (0, 1))
        random = not one.targets.equal(other.targets) and dataset.sizes is None
        assert dataset.has_pattern != random


def test_noise_changes_a_data_set_exactly_if_its_row_says_so():
    for name, dataset in DATASETS.items():
        clear, noisy = (made(name, (60, 5, 1, noise)) for noise in (0.0, 0.5))
        alike = clear.inputs.equal(noisy.inputs) and clear.targets.equal(noisy.targets)
        assert alike != dataset.has_noise
