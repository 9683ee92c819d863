"""Choices that do not fit are refused with ones that do; choices that fit are accepted."""

from dataclasses import replace

import pytest
import torch

from nets.config import Config
from nets.data.examples import Data
from nets.engine.activations import ACTIVATIONS
from nets.engine.compatibility import IncompatibleChoice
from nets.engine.losses import LOSSES, squashed_twice
from nets.training.run import start

OF_PROBABILITIES = [name for name, loss in LOSSES.items() if loss.probabilities]
TWO = Config(sizes=(5, 3, 2), examples=3)


def started(config, targets):
    """Begin a run on these targets."""
    targets = torch.tensor(targets)
    return start(config, data=Data(torch.zeros(len(targets), config.sizes[0]), targets))


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "sigmoid"])
def test_a_loss_of_probabilities_needs_outputs_from_0_to_1(name):
    sentence = (
        f"must be sigmoid or softmax for BCELoss, which takes outputs from 0 to 1; got {name}."
    )
    with pytest.raises(IncompatibleChoice, match=sentence) as refused:
        replace(TWO, loss="BCELoss", output_activation=name)
    assert str(refused.value) == f"output_activation {sentence}"
    with pytest.raises(IncompatibleChoice, match=r"^output_activation must be sigmoid for BCE"):
        Config(loss="BCELoss", output_activation=name)
    assert replace(TWO, loss="BCELoss", **refused.value.remedy).output_activation == "sigmoid"


def test_cross_entropy_needs_two_outputs():
    with pytest.raises(
        IncompatibleChoice, match="n_output must be at least 2 for CrossEntropyLoss"
    ) as refused:
        Config(loss="CrossEntropyLoss")
    run = started(Config(**refused.value.remedy), [[1.0], [0.0]])
    assert (run.config.loss, run.config.output_activation) == ("BCEWithLogitsLoss", "linear")


@pytest.mark.parametrize("loss", OF_PROBABILITIES)
@pytest.mark.parametrize("wrong", [-0.5, 1.5, 1.0000001])
def test_a_loss_of_probabilities_refuses_other_targets(loss, wrong):
    targets = [[0.0, 1.0], [wrong, 0.5]]
    with pytest.raises(
        IncompatibleChoice, match=f"targets must be from 0 to 1 for {loss}; got "
    ) as refused:
        started(replace(TWO, loss=loss), targets)
    started(replace(TWO, **refused.value.remedy), targets)


@pytest.mark.parametrize("row", [[0.0, 0.0], [1.0, 1.0], [0.5, 0.49985]])
def test_shares_of_classes_must_add_up_to_1(row):
    config = replace(TWO, loss="CrossEntropyLoss")
    with pytest.raises(IncompatibleChoice, match="must add up to 1 in every example") as refused:
        started(config, [[0.0, 1.0], row])
    assert f"; got {sum(row):g}." in str(refused.value)
    started(replace(config, **refused.value.remedy), [[0.0, 1.0], row])


def test_shares_may_be_rounded():
    third = [1 / 3, 1 / 3, 1 / 3]
    run = started(Config(sizes=(2, 3, 3), loss="CrossEntropyLoss"), [third, [0.1, 0.2, 0.7]])
    assert run.loss > 0


@pytest.mark.parametrize("loss", [name for name in LOSSES if name not in OF_PROBABILITIES])
def test_a_loss_by_distance_accepts_every_output_and_every_target(loss):
    for name in ACTIVATIONS:
        started(replace(TWO, loss=loss, output_activation=name), [[-1e3, 7.0]])


def test_only_a_loss_with_its_own_sigmoid_or_softmax_warns_about_the_output():
    for loss in LOSSES:
        for name in ACTIVATIONS:
            doubtful = loss in ("BCEWithLogitsLoss", "CrossEntropyLoss") and name != "linear"
            said = squashed_twice(loss, name)
            assert bool(said) == doubtful
            assert not said or (loss in said and name in said)
