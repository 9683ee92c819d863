"""Data: which examples are accepted, and the errors for all others."""

import numpy
import pytest
import torch

from nets.data.examples import Data


@pytest.mark.usefixtures("unenforced_shapes")
@pytest.mark.parametrize("form", [list, numpy.array, torch.tensor], ids=["list", "numpy", "torch"])
def test_data_are_accepted_in_any_form_of_numbers(form):
    data = Data(form([[1, 2], [3, 4], [5, 6]]), form([[0.5], [1.5], [2.5]]))
    assert torch.equal(data.inputs, torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    assert torch.equal(data.targets, torch.tensor([[0.5], [1.5], [2.5]]))
    assert (data.input_names, data.output_names) == (("x1", "x2"), ("y1",))
    assert len(data) == 3


def test_tensors_are_copied():
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
        ([1.0, 2.0], "must be a matrix with one row for each example; got shape (2,)."),
        ([[[1.0]]], "must be a matrix with one row for each example; got shape (1, 1, 1)."),
        (1.0, "must be a matrix with one row for each example; got shape ()."),
        ([[]], "must be a matrix with one row for each example; got shape (1, 0)."),
        ([], "must be a matrix with one row for each example; got shape (0,)."),
        ([[NAN], [1.0]], "must be finite numbers; some are infinite or missing."),
        ([[1.0], [INFINITY]], "must be finite numbers; some are infinite or missing."),
        ([[1e300], [1.0]], "must be finite numbers; some are infinite or missing."),
        ([[1.0, 2.0], [3.0]], "must be rows of numbers, all of the same length; "),
        ([["a"], ["b"]], "must be rows of numbers, all of the same length; "),
        ([[None], [1.0]], "must be rows of numbers, all of the same length; "),
        (None, "must be rows of numbers, all of the same length; "),
    ],
)
def test_anything_but_a_matrix_of_finite_numbers_is_refused_by_name(field, wrong, message):
    rows = {"inputs": [[1.0], [2.0]], "targets": [[1.0], [2.0]]} | {field: wrong}
    with pytest.raises(ValueError, match=" must ") as refused:
        Data(**rows)
    assert str(refused.value).startswith(f"{field} {message}")


@pytest.mark.usefixtures("unenforced_shapes")
def test_inputs_and_targets_of_different_length_are_refused():
    with pytest.raises(ValueError, match="the same number of rows; got 3 and 2"):
        Data(torch.zeros(3, 2), torch.zeros(2, 1))


@pytest.mark.parametrize(("field", "count"), [("input_names", 2), ("output_names", 1)])
def test_names_that_do_not_fit_the_columns_are_refused(field, count):
    with pytest.raises(
        ValueError, match=f"{field} must be {count} names, one for each column; got 3"
    ):
        Data(torch.zeros(3, 2), torch.zeros(3, 1), **{field: ("a", "b", "c")})


@pytest.mark.parametrize(
    "targets",
    [[[0.0], [0.5]], [[0.0], [2.0]], [[0.0, 0.0], [1.0, 0.0]], [[1.0, 1.0], [1.0, 0.0]]],
    ids=["a half", "a two", "no class", "two classes"],
)
def test_targets_other_than_0_and_1_are_numbers_not_classes(targets):
    inputs, targets = torch.zeros(2, 1), torch.tensor(targets)
    assert torch.equal(Data(inputs, targets, task="numbers").targets, targets)
    with pytest.raises(ValueError, match="targets must be 0 or 1 to be classes"):
        Data(inputs, targets, task="classes")


@pytest.mark.parametrize("targets", [[[0.0], [1.0]], [[1.0, 0.0], [0.0, 1.0]]])
def test_one_class_in_each_row_makes_classes(targets):
    assert Data(torch.zeros(2, 1), torch.tensor(targets), task="classes").task == "classes"


def test_an_unknown_task_is_refused_by_name():
    with pytest.raises(ValueError, match="task must be one of classes, numbers; got 'colours'"):
        Data(torch.zeros(2, 1), torch.zeros(2, 1), task="colours")
