"""Metrics agree with scikit-learn."""

import pytest
import torch
from sklearn import metrics

from nets.config import Config
from nets.sharing.link import from_query
from nets.training.metrics import (
    accuracy,
    classes_of,
    confusion,
    describe_classes,
    explained,
    score,
)
from nets.training.recipe import replay

GENERATOR = torch.Generator().manual_seed(3)


@pytest.mark.parametrize("classes", [2, 5])
def test_accuracy_and_confusion_agree_with_scikit_learn(classes):
    said, true = torch.randint(classes, (2, 60), generator=GENERATOR)
    assert accuracy(said, true) == metrics.accuracy_score(true, said)
    expected = metrics.confusion_matrix(true, said, labels=range(classes))
    assert confusion(said, true, classes).tolist() == expected.tolist()


def test_r2_agrees_with_scikit_learn():
    output, targets = torch.randn((2, 40, 3), generator=GENERATOR)
    expected = metrics.r2_score(targets, output, multioutput="raw_values")
    assert explained(output, targets) == pytest.approx(expected.tolist())


def test_an_output_whose_targets_are_all_the_same_has_no_r2():
    targets = torch.tensor([[1.0, 2.0], [1.0, 4.0]])
    assert explained(targets.clone(), targets) == (None, 1.0)


def test_the_class_of_a_single_output_depends_on_its_loss():
    output = torch.tensor([[-1.0], [0.2], [0.6], [3.0]])
    assert classes_of(output, Config()).tolist() == [0, 0, 1, 1]
    config = Config(loss="BCEWithLogitsLoss", output_activation="linear")
    assert classes_of(output, config).tolist() == [0, 1, 1, 1]


def test_of_several_outputs_the_largest_is_the_class():
    assert classes_of(torch.tensor([[0.1, 0.9, 0.2], [5, -1, 0]]), Config()).tolist() == [1, 0]


@pytest.mark.parametrize(("name", "epochs"), [("iris", 50), ("digits", 30), ("spiral", 300)])
@pytest.mark.usefixtures("unenforced_shapes")
def test_the_presets_classify_95_of_100_unseen_examples_correctly(name, epochs):
    run = replay(from_query({"data": name, "steps": str(epochs)}))
    assert score(run, run.test).accuracy >= 0.95


@pytest.mark.parametrize(
    ("loss", "threshold"), [("SquaredError", "0.5"), ("BCEWithLogitsLoss", "0")]
)
def test_the_sentence_on_classes_names_the_output_above_which_the_class_is_1(loss, threshold):
    config = Config(sizes=(2, 1), output_activation="linear", loss=loss)
    assert f"above {threshold} counts as class 1" in describe_classes(config)
    outputs = float(threshold) + torch.tensor([[-0.01], [0.01]])
    assert classes_of(outputs, config).tolist() == [0, 1]
