"""What a network learns from, and what is said about examples that are none."""

import subprocess
import sys
from pathlib import Path

import numpy
import pytest
import torch
from sklearn.datasets import load_iris

from nets.config import Config
from nets.datasets import DATASETS, Data
from nets.seeds import stream
from nets.training import start

ROOT = Path(__file__).parents[1]


def made(name, shape=(1, 5, 1), seed=0):
    return DATASETS[name].make(shape, stream(seed))


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_is_as_large_as_its_row_says(name):
    dataset = DATASETS[name]
    data = made(name, (7, 5, 2))
    assert dataset.name == name
    assert (data.inputs.shape[1], data.targets.shape[1]) == (dataset.fixed or (5, 2))
    assert len(data) == len(data.targets) == (dataset.examples or 7)


@pytest.mark.parametrize("name", DATASETS)
def test_every_column_has_a_name_of_its_own(name):
    data = made(name, (7, 5, 2))
    assert len(set(data.input_names)) == data.inputs.shape[1]
    assert len(set(data.output_names)) == data.targets.shape[1]


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_is_float32_in_memory_of_its_own(name):
    data, again = made(name), made(name)
    for one, other in ((data.inputs, again.inputs), (data.targets, again.targets)):
        assert one.dtype == torch.float32
        assert one.is_contiguous()
        assert torch.equal(one, other)
        assert one.data_ptr() != other.data_ptr()


@pytest.mark.parametrize("name", DATASETS)
def test_making_data_leaves_the_global_random_numbers_alone(name):
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


def test_xor_is_one_where_exactly_one_input_is():
    data = made("xor")
    table = {
        tuple(row): answer
        for row, (answer,) in zip(data.inputs.tolist(), data.targets.tolist(), strict=True)
    }
    assert table == {(a, b): float(bool(a) != bool(b)) for a in (0.0, 1.0) for b in (0.0, 1.0)}


def test_iris_has_150_flowers_of_four_measurements_and_three_species_of_fifty():
    data = made("iris")
    assert data.inputs.shape == (150, 4)
    assert data.targets.shape == (150, 3)
    assert set(data.targets.flatten().tolist()) == {0.0, 1.0}
    assert data.targets.sum(dim=1).tolist() == [1.0] * 150
    assert data.targets.sum(dim=0).tolist() == [50.0] * 3
    assert data.output_names == ("setosa", "versicolor", "virginica")
    assert data.input_names == ("sepal length", "sepal width", "petal length", "petal width")


def test_every_measurement_of_iris_has_mean_0_and_standard_deviation_1():
    inputs = made("iris").inputs.double()
    each_rounded_by = torch.finfo(torch.float32).eps * inputs.abs().max().item()
    assert inputs.mean(dim=0).abs().max() < each_rounded_by
    assert (inputs.std(dim=0, correction=0) - 1).abs().max() < each_rounded_by


def test_the_flowers_of_iris_are_the_measured_ones_in_order():
    measured, species = load_iris(return_X_y=True)
    data = made("iris")
    scaled = torch.from_numpy((measured - measured.mean(axis=0)) / measured.std(axis=0))
    torch.testing.assert_close(data.inputs, scaled.float(), rtol=0, atol=1e-6)
    assert data.targets.argmax(dim=1).tolist() == species.tolist()


def imported(code, library):
    """Say whether a new process that runs this code has then imported a library."""
    code = f"import sys\n{code}\nprint({library!r} in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return {"True\n": True, "False\n": False}[answer.stdout]


def test_scikit_learn_is_imported_only_when_iris_is_wanted():
    others = "from nets import *\nadvance(start(Config(data='xor', sizes=(2, 3, 1))))"
    assert not imported(others, "sklearn")
    assert imported("from nets import *\nstart(Config(data='iris', sizes=(4, 3, 3)))", "sklearn")


@pytest.mark.usefixtures("unenforced_shapes")
@pytest.mark.parametrize("form", [list, numpy.array, torch.tensor], ids=["list", "numpy", "torch"])
def test_own_data_come_in_any_form_of_numbers(form):
    data = Data(form([[1, 2], [3, 4], [5, 6]]), form([[0.5], [1.5], [2.5]]))
    assert torch.equal(data.inputs, torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    assert torch.equal(data.targets, torch.tensor([[0.5], [1.5], [2.5]]))
    assert (data.input_names, data.output_names) == (("x1", "x2"), ("y1",))
    assert len(data) == 3


def test_own_data_are_copied_in():
    inputs, targets = torch.zeros(2, 3), torch.zeros(2, 1, requires_grad=True)
    data = Data(inputs, targets, list("abc"), ["y"])
    inputs += 1
    assert torch.equal(data.inputs, torch.zeros(2, 3))
    assert not data.targets.requires_grad
    assert (data.input_names, data.output_names) == (("a", "b", "c"), ("y",))


NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.usefixtures("unenforced_shapes")
@pytest.mark.parametrize("field", ["inputs", "targets"])
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([1.0, 2.0], "must be a matrix with one row an example; got shape (2,)."),
        ([[[1.0]]], "must be a matrix with one row an example; got shape (1, 1, 1)."),
        (1.0, "must be a matrix with one row an example; got shape ()."),
        ([[]], "must be a matrix with one row an example; got shape (1, 0)."),
        ([], "must be a matrix with one row an example; got shape (0,)."),
        ([[NAN], [1.0]], "must be finite numbers; some are infinite or missing."),
        ([[1.0], [INFINITY]], "must be finite numbers; some are infinite or missing."),
        ([[1e300], [1.0]], "must be finite numbers; some are infinite or missing."),
        ([[1.0, 2.0], [3.0]], "must be rows of numbers, all as long; "),
        ([["a"], ["b"]], "must be rows of numbers, all as long; "),
        ([[None], [1.0]], "must be rows of numbers, all as long; "),
        (None, "must be rows of numbers, all as long; "),
    ],
)
def test_what_is_no_matrix_of_numbers_is_refused_by_name(field, wrong, message):
    rows = {"inputs": [[1.0], [2.0]], "targets": [[1.0], [2.0]]} | {field: wrong}
    with pytest.raises(ValueError, match=" must ") as refused:
        Data(**rows)
    assert str(refused.value).startswith(f"{field} {message}")


@pytest.mark.usefixtures("unenforced_shapes")
def test_inputs_without_targets_are_refused():
    with pytest.raises(ValueError, match="as many rows as each other; got 3 and 2"):
        Data(torch.zeros(3, 2), torch.zeros(2, 1))


@pytest.mark.parametrize(("field", "count"), [("input_names", 2), ("output_names", 1)])
def test_names_that_do_not_fit_the_columns_are_refused(field, count):
    with pytest.raises(ValueError, match=f"{field} must be {count} names, one a column; got 3"):
        Data(torch.zeros(3, 2), torch.zeros(3, 1), **{field: ("a", "b", "c")})
