"""The history as CSV: every epoch, with the numbers of the run, however long it is."""

import csv
import io
from dataclasses import replace

import pytest
import torch

from nets import (
    Config,
    Epochs,
    LearningRate,
    Parameter,
    Recipe,
    advance,
    history_as_csv,
    replay,
    rewind,
    start,
)
from nets.training import history

CONFIG = Config(sizes=(3, 4, 2), examples=12, batch_size=5, test_fraction=0.25, learning_rate=0.05)
EVENTS = (
    Epochs(9),
    LearningRate(0.02),
    Epochs(5),
    Parameter("w1[2, 0]", 0.5),
    Epochs(6),
    Parameter("b2[1]", -1.0),
)


def table(run, **options):
    return list(csv.DictReader(io.StringIO("".join(history_as_csv(run, **options)))))


def numbers(row, prefixes):
    return torch.tensor([float(text) for name, text in row.items() if name[0] in prefixes])


@pytest.mark.parametrize("kept", [2**20, 300], ids=["all epochs kept", "every fourth epoch kept"])
@pytest.mark.parametrize("optimizer", ["GradientDescent", "Adam"])
def test_the_table_has_every_epoch_bit_for_bit(kept, optimizer, monkeypatch):
    monkeypatch.setattr(history, "KEPT_NUMBERS", kept)
    run = replay(Recipe(replace(CONFIG, optimizer=optimizer), EVENTS))
    assert (run.history.stride == 1) == (kept > 300)
    rows = table(run)
    assert [int(row["epoch"]) for row in rows] == list(range(21))
    for epoch, row in enumerate(rows):
        layers = rewind(run, epoch).network.layers
        expected = [part.flatten() for layer in layers for part in (layer.weights, layer.biases)]
        assert torch.equal(numbers(row, "wb"), torch.cat(expected))
    losses = torch.tensor([[float(row["training loss"]), float(row["test loss"])] for row in rows])
    assert torch.equal(losses, torch.stack([run.history.loss, run.history.test_loss], dim=1))
    assert float(rows[20]["b2[1]"]) == -1.0


def test_the_losses_alone_need_no_training():
    rows = table(advance(start(Config()), 3), parameters=False)
    assert [*rows[0]] == ["epoch", "training loss"]
    assert len(rows) == 4


def test_a_long_history_comes_in_pieces_of_bounded_size():
    run = advance(start(Config(sizes=(30, 40, 10), learning_rate=0.001)), 300)
    pieces = [len(piece) for piece in history_as_csv(run)]
    assert len(pieces) > 5
    assert max(pieces) < 3_000_000
