"""Early stopping: impossible conditions are refused."""

import pytest

from nets.config import Config
from nets.training.early_stopping import EarlyStopping, require_stoppable
from nets.training.run import start


@pytest.mark.parametrize(
    ("condition", "value", "message"),
    [
        ("sometimes", 1, "condition must be one of"),
        ("loss below", -1, "loss below must be a number, 0 or more"),
        ("accuracy above", 1.1, "accuracy above must be a number from 0 to 1"),
        ("no improvement", 0, "epochs without improvement must be a whole number from 1"),
    ],
)
def test_an_impossible_condition_is_refused(condition, value, message):
    with pytest.raises(ValueError, match=message):
        EarlyStopping(condition, value)


def test_an_accuracy_is_refused_if_the_targets_are_numbers():
    run = start(Config())
    with pytest.raises(ValueError, match="targets are numbers"):
        require_stoppable(run, EarlyStopping("accuracy above", 0.5))
