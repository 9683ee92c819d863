"""Test data: the test loss of every epoch is that of the network at this epoch."""

from dataclasses import replace

import pytest
import torch

from nets.config import Config
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.training.advance import advance, rewind
from nets.training.many import advance_many
from nets.training.run import start

CONFIGS = {
    "plain": Config(examples=9, test_fraction=0.3),
    "batches": Config(sizes=(2, 4, 1), data="moons", examples=40, test_fraction=0.5, batch_size=7,
                      bias_rule="gradient"),
}  # fmt: skip


@pytest.fixture(params=CONFIGS.values(), ids=CONFIGS)
def config(request):
    return request.param


def test_the_test_loss_is_the_loss_of_the_network_on_the_test_data(config):
    run = start(config)
    for _ in range(5):
        answer = forward(run.network, run.test.inputs).output
        expected = LOSSES[config.loss].value(answer, run.test.targets)
        torch.testing.assert_close(run.history.test_loss[-1], expected)
        assert len(run.history.test_loss) == run.epoch + 1
        run = advance(run)


def test_the_test_loss_is_the_same_in_parts_and_after_a_rewind(config):
    whole, pieces = advance(start(config), 30), start(config)
    for epochs in (1, 9, 20):
        pieces = advance(pieces, epochs)
    assert torch.equal(whole.history.test_loss, pieces.history.test_loss)
    again = advance(rewind(whole, 17), 13)
    assert torch.equal(whole.history.test_loss, again.history.test_loss)


def test_runs_side_by_side_have_a_test_loss(config):
    runs = [start(replace(config, seed=seed)) for seed in range(3)]
    for run, got in zip(runs, advance_many(runs, 12), strict=True):
        expected = advance(run, 12).history.test_loss
        torch.testing.assert_close(got.history.test_loss, expected, rtol=1e-4, atol=1e-5)


def test_test_data_do_not_change_the_training(config):
    run = start(config)
    alone = start(replace(config, test_fraction=0), data=run.data, network=run.network)
    one, other = advance(run, 20), advance(alone, 20)
    assert torch.equal(one.network.parameters, other.network.parameters)
    assert other.history.test_loss is None
    assert other.test is None
