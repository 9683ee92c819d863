"""Mini-batches: every example once an epoch, in an order drawn from the run's seed."""

from dataclasses import replace

import pytest
import torch

from nets.config import Config
from nets.engine.activations import ACTIVATIONS
from nets.engine.network import initialize
from nets.seeds import stream
from nets.training.advance import advance
from nets.training.batches import Batches, order_of
from nets.training.run import start


def batches_of(examples, size, *, augmented):
    network = initialize((2, 3, 1), [ACTIVATIONS["sigmoid"]] * 2, stream(0))
    numbers = torch.arange(examples, dtype=torch.float32)[:, None]
    return Batches(network, torch.cat([numbers, -numbers], 1), numbers, size, augmented=augmented)


@pytest.fixture(params=[False, True], ids=["plain", "augmented"])
def augmented(request):
    return request.param


@pytest.mark.parametrize(("examples", "size"), [(10, 3), (9, 3), (5, 1), (7, 6), (6, 6), (4, 99)])
def test_every_example_comes_once_an_epoch_with_its_target(examples, size, augmented):
    batches = batches_of(examples, size, augmented=augmented)
    for epoch in (1, 2):
        parts = batches.of_epoch(epoch, [0])
        inputs = torch.cat([batch.activity.inputs[0] for batch in parts])
        targets = torch.cat([batch.targets for batch in parts])
        assert torch.equal(inputs[:, :1], targets)
        assert torch.equal(inputs[:, 1:], -targets)
        assert sorted(targets[:, 0].tolist()) == list(range(examples))


def test_batches_have_the_size_asked_for_and_the_last_is_shorter(augmented):
    batches = batches_of(10, 4, augmented=augmented).of_epoch(1, [0])
    assert [len(batch.targets) for batch in batches] == [4, 4, 2]


@pytest.mark.parametrize("size", [None, 10, 11])
def test_one_batch_of_all_keeps_the_order_of_the_data(size, augmented):
    (batch,) = batches_of(10, size, augmented=augmented).of_epoch(1, [0])
    assert torch.equal(batch.targets[:, 0], torch.arange(10.0))


def test_the_order_depends_on_the_seed_and_the_epoch():
    orders = {tuple(order_of(20, epoch, seed).tolist()) for epoch in range(5) for seed in range(5)}
    assert len(orders) == 25
    assert torch.equal(order_of(20, 3, 4), order_of(20, 3, 4))


def test_a_batch_of_all_examples_trains_as_no_batch_size_does():
    whole = advance(start(Config(examples=6)), 5)
    batch = advance(start(Config(examples=6, batch_size=6)), 5)
    assert torch.equal(whole.network.parameters, batch.network.parameters)


@pytest.mark.parametrize("bias_rule", ["notebook", "gradient"])
def test_mini_batches_are_updates_one_after_the_other(bias_rule):
    config = Config(sizes=(2, 3, 1), examples=7, batch_size=3, bias_rule=bias_rule, seed=8)
    run, step = start(config), start(config)
    order = order_of(7, 1, 8)
    for rows in order.split(3):
        part = type(run.data)(run.data.inputs[rows], run.data.targets[rows])
        whole = replace(config, batch_size=None, examples=len(rows))
        step = advance(start(whole, data=part, network=step.network), 1)
    torch.testing.assert_close(advance(run, 1).network.parameters, step.network.parameters)
