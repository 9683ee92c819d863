"""Examples of one's own, and what is said about those that are none."""

import numpy
import pytest
import torch

from nets.data.examples import Data


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


@pytest.mark.parametrize(
    "targets",
    [[[0.0], [0.5]], [[0.0], [2.0]], [[0.0, 0.0], [1.0, 0.0]], [[1.0, 1.0], [1.0, 0.0]]],
    ids=["a half", "a two", "no class", "two classes"],
)
def test_targets_that_are_no_classes_are_refused_as_classes_and_taken_as_numbers(targets):
    inputs, targets = torch.zeros(2, 1), torch.tensor(targets)
    assert torch.equal(Data(inputs, targets, task="numbers").targets, targets)
    with pytest.raises(ValueError, match="targets must be 0 or 1 to be classes"):
        Data(inputs, targets, task="classes")


@pytest.mark.parametrize("targets", [[[0.0], [1.0]], [[1.0, 0.0], [0.0, 1.0]]])
def test_zero_or_one_and_one_class_a_row_are_classes(targets):
    assert Data(torch.zeros(2, 1), torch.tensor(targets), task="classes").task == "classes"


def test_an_unknown_task_is_refused_by_name():
    with pytest.raises(ValueError, match="task must be one of classes, numbers; got 'colours'"):
        Data(torch.zeros(2, 1), torch.zeros(2, 1), task="colours")
