"""Measured data: the rows of scikit-learn in order, standardised."""

import pytest
import torch
from sklearn import datasets

from nets.data.datasets import DATASETS
from nets.data.examples import DataRequest
from nets.data.real import standardise
from nets.seeds import stream

STANDARDISED = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast_cancer": datasets.load_breast_cancer,
}
SIZES = {"iris": (150, 4, 3), "wine": (178, 13, 3), "breast_cancer": (569, 30, 1)}


def made(name):
    return DATASETS[name].make(DataRequest(1, 1, 1), stream(0))


@pytest.mark.parametrize("name", STANDARDISED)
def test_every_measurement_has_mean_0_and_standard_deviation_1(name):
    inputs = made(name).inputs.double()
    each_rounded_by = torch.finfo(torch.float32).eps * inputs.abs().max().item()
    assert inputs.mean(dim=0).abs().max() < each_rounded_by
    assert (inputs.std(dim=0, correction=0) - 1).abs().max() < each_rounded_by


@pytest.mark.parametrize("name", STANDARDISED)
def test_rows_are_those_of_scikit_learn_in_order(name):
    measured, classes = STANDARDISED[name](return_X_y=True)
    data = made(name)
    assert (*data.inputs.shape, data.targets.shape[1]) == SIZES[name]
    scaled = torch.from_numpy((measured - measured.mean(axis=0)) / measured.std(axis=0))
    torch.testing.assert_close(data.inputs, scaled.float(), rtol=0, atol=1e-6)
    assert classes_of(data) == classes.tolist()


def classes_of(data):
    """Return the class of each example; the targets must be 0 or 1."""
    assert set(data.targets.flatten().tolist()) == {0.0, 1.0}
    if data.targets.shape[1] == 1:
        return data.targets[:, 0].tolist()
    assert data.targets.sum(dim=1).tolist() == [1.0] * len(data)
    return data.targets.argmax(dim=1).tolist()


def test_columns_and_classes_keep_their_names():
    iris, wine, tumours, digits = map(made, ("iris", "wine", "breast_cancer", "digits"))
    assert iris.input_names == ("sepal length", "sepal width", "petal length", "petal width")
    assert iris.output_names == ("setosa", "versicolor", "virginica")
    assert wine.input_names == tuple(datasets.load_wine().feature_names)
    assert wine.output_names == ("class_0", "class_1", "class_2")
    assert tumours.input_names == tuple(datasets.load_breast_cancer().feature_names)
    assert tumours.output_names == ("benign",)
    assert (digits.input_names[0], digits.input_names[-1]) == ("pixel_0_0", "pixel_7_7")
    assert digits.output_names == tuple("0123456789")


def test_digits_are_pictures_from_paper_to_ink():
    data, written = made("digits"), datasets.load_digits()
    assert torch.equal(data.inputs * 16, torch.from_numpy(written.data).float())
    assert (data.inputs.min(), data.inputs.max()) == (0, 1)
    assert classes_of(data) == written.target.tolist()


def test_a_constant_column_is_standardised_to_0():
    rows = torch.tensor([[0.1, 1.0, 0.0], [0.1, 2.0, 0.0], [0.1, 3.0, 0.0]], dtype=torch.float64)
    root = 1.5**0.5
    expected = torch.tensor([[0, -root, 0], [0, 0, 0], [0, root, 0]], dtype=torch.float64)
    torch.testing.assert_close(standardise(rows), expected)
