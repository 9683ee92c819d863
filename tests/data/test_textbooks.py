"""Textbooks: one update gives the numbers that the books print, to all their digits."""

from decimal import Decimal

import pytest
import torch

from nets import LOSSES, Config, Network, advance, backward, forward, start, update
from nets.data.datasets import DATASETS
from nets.data.textbooks import TEXTBOOKS
from nets.presets import PRESETS

FLOAT32 = 1.2e-7  # relative; what is trained has the precision of float32
PUBLISHED = {
    "han": {
        "a1[0]": "0.332", "a1[1]": "0.525", "a2[0]": "0.474",
        "w2[0, 0]": "-0.261", "w2[1, 0]": "-0.138",
        "w1[0, 0]": "0.192", "w1[0, 1]": "-0.306", "w1[1, 0]": "0.4", "w1[1, 1]": "0.1",
        "w1[2, 0]": "-0.508", "w1[2, 1]": "0.194",
        "b2[0]": "0.218", "b1[1]": "0.194", "b1[0]": "-0.408",
    },
    "mazur": {
        "a2[0]": "0.75136507", "a2[1]": "0.772928465", "loss": "0.298371109",
        "w2[0, 0]": "0.35891648", "w2[1, 0]": "0.408666186",
        "w2[0, 1]": "0.511301270", "w2[1, 1]": "0.561370121",
        "w1[0, 0]": "0.149780716", "w1[1, 0]": "0.19956143",
        "w1[0, 1]": "0.24975114", "w1[1, 1]": "0.29950229",
    },
    "negnevitsky": {
        "w1[0, 0]": "0.5038", "w1[0, 1]": "0.8985", "w1[1, 0]": "0.4038", "w1[1, 1]": "0.9985",
        "w2[0, 0]": "-1.2067", "w2[1, 0]": "1.0888",
        "b1[0]": "-0.7962", "b1[1]": "0.0985", "b2[0]": "-0.3127",
    },
}  # fmt: skip


def numbers(activity, after, loss):
    """Name all numbers of an update."""
    found = {"loss": loss}
    for number, (a, layer) in enumerate(zip(activity.outputs, after.layers, strict=True), start=1):
        found |= {f"a{number}[{i}]": value.item() for i, value in enumerate(a[0])}
        found |= {f"b{number}[{i}]": value.item() for i, value in enumerate(layer.biases[0])}
        found |= {
            f"w{number}[{i}, {j}]": value.item()
            for i, row in enumerate(layer.weights)
            for j, value in enumerate(row)
        }
    return found


def test_every_textbook_is_in_the_list_of_data_with_its_own_network():
    assert [book.name for book in TEXTBOOKS] == [*PUBLISHED]
    for book in TEXTBOOKS:
        run = start(PRESETS[book.name])
        assert run.config.sizes == book.sizes
        for layer, (weights, biases) in zip(run.network.layers, book.layers, strict=True):
            assert layer.weights.equal(torch.tensor(weights))
            assert layer.biases.equal(torch.tensor([biases]))


@pytest.mark.parametrize("book", TEXTBOOKS, ids=lambda book: book.name)
def test_the_four_steps_give_the_published_numbers_to_all_their_digits(book):
    layers = [[torch.tensor(part, dtype=torch.float64) for part in pair] for pair in book.layers]
    network = Network.of(layers, dtype=torch.float64)
    x, y = (torch.tensor([row], dtype=torch.float64) for row in (book.x, book.y))
    config = PRESETS[book.name]
    activity, loss = forward(network, x), LOSSES[config.loss]
    gradients = backward(network, activity, y, loss, bias_rule=config.bias_rule)
    update(network, gradients, torch.tensor(config.learning_rate, dtype=torch.float64))
    found = numbers(activity, network, loss.value(activity.output, y).item())
    for name, digits in PUBLISHED[book.name].items():
        assert round(found[name], -Decimal(digits).as_tuple().exponent) == float(digits), name


@pytest.mark.parametrize("book", TEXTBOOKS, ids=lambda book: book.name)
def test_a_run_gives_the_published_numbers_as_far_as_float32_can_hold_them(book):
    run = start(PRESETS[book.name])
    found = numbers(forward(run.network, run.data.inputs), advance(run).network, run.loss)
    for name, digits in PUBLISHED[book.name].items():
        half = 0.5 * 10.0 ** Decimal(digits).as_tuple().exponent
        assert abs(found[name] - float(digits)) <= half + FLOAT32 * abs(found[name]), name


@pytest.mark.parametrize("book", TEXTBOOKS, ids=lambda book: book.name)
def test_other_sizes_need_other_first_weights(book):
    chosen = {"sizes": (book.sizes[0], 5, book.sizes[-1]), "data": book.name}
    with pytest.raises(ValueError, match="for the first weights of the book; got") as refused:
        Config(**chosen, first_weights="book")
    start(Config(**chosen, **refused.value.remedy))


def test_data_without_a_book_have_no_weights_of_a_book():
    with pytest.raises(ValueError, match="first_weights must be one of normal"):
        Config(first_weights="book")
    assert DATASETS["xor"].textbook is None
