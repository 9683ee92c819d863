"""Splitting: test data are never trained on, and every class keeps training data."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

from nets.config import Config
from nets.data.examples import Data, labels_of
from nets.data.split import SplitError, split
from nets.seeds import stream
from nets.training.run import start

CLASSES = st.lists(st.integers(1, 12), min_size=2, max_size=4)
FRACTIONS = st.floats(0.01, 0.9)


def numbered(labels):
    """Examples of these classes; the input of each is its number."""
    inputs = torch.arange(len(labels))[:, None].float()
    return Data(inputs, torch.eye(int(max(labels)) + 1)[torch.tensor(labels)], task="classes")


@given(CLASSES, FRACTIONS, st.integers(0, 99))
def test_each_example_is_in_one_part_and_each_class_in_the_training_data(sizes, share, seed):
    labels = [label for label, size in enumerate(sizes) for _ in range(size)]
    data = numbered(labels)
    if max(sizes) == 1:
        with pytest.raises(SplitError, match="test_fraction must be 0"):
            split(data, share, stream(seed))
        return
    training, test = split(data, share, stream(seed))
    parts = [part.inputs[:, 0].tolist() for part in (training, test)]
    assert all(part and part == sorted(part) for part in parts)
    assert sorted(parts[0] + parts[1]) == list(range(len(labels)))
    for part in (training, test):
        assert torch.equal(part.targets, data.targets[part.inputs[:, 0].long()])
    assert set(labels_of(training.targets).tolist()) == set(labels)


@given(st.integers(2, 40), FRACTIONS)
def test_the_same_share_of_each_class_is_held_out_up_to_one_example(size, share):
    data = numbered([0] * size + [1] * (2 * size))
    training, test = split(data, share, stream(1))
    counts = labels_of(test.targets).bincount(minlength=2)
    for count, whole in zip(counts.tolist(), (size, 2 * size), strict=True):
        assert abs(count - min(share * whole, whole - 1)) <= 1
    assert len(training) + len(test) == len(data)


def test_the_same_seed_holds_out_the_same_examples_and_another_seed_others():
    data = numbered([0, 1] * 50)
    one, again, other = (split(data, 0.3, stream(seed))[1].inputs for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_inputs_are_standardised_by_the_training_data_alone():
    config = Config(sizes=(13, 4, 3), data="wine", test_fraction=0.4)
    run, whole = start(config), start(Config(sizes=(13, 4, 3), data="wine"))
    _, test = split(numbered(labels_of(whole.data.targets).tolist()), 0.4, stream(0, "test split"))
    rows = torch.zeros(178, dtype=torch.bool)
    rows[test.inputs[:, 0].long()] = True
    measured = load_wine().data
    scaler = StandardScaler().fit(measured[~rows.numpy()])
    for part, which in ((run.data, ~rows), (run.test, rows)):
        expected = torch.from_numpy(scaler.transform(measured[which.numpy()])).float()
        torch.testing.assert_close(part.inputs, expected, rtol=0, atol=1e-5)


def test_a_single_example_cannot_be_split():
    with pytest.raises(ValueError, match="only one example; got 0"):
        start(Config(test_fraction=0.2))


def test_another_sample_has_the_same_first_weights():
    one, other = (start(Config(examples=9, data_seed=seed)) for seed in (None, 5))
    assert torch.equal(one.network.parameters, other.network.parameters)
    assert not torch.equal(one.data.inputs, other.data.inputs)
