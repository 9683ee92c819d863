"""History as CSV: losses and parameters of every epoch, written piece by piece."""

import itertools
from collections.abc import Iterator

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.names import bias_name, weight_name
from nets.engine.network import Network
from nets.sharing.weights import as_lines, as_texts
from nets.training.advance import rewind
from nets.training.loop import quick_loop
from nets.training.run import Run

NUMBERS_AT_ONCE = 2**16  # in one piece of text, about a megabyte


def history_as_csv(run: Run, *, parameters: bool = True) -> Iterator[str]:
    """Write a row for every epoch, epoch 0 first: the losses, then all weights and biases.

    Epochs whose parameters the history does not keep are trained again, which gives the same
    numbers. The text comes in pieces, so that a long history needs little memory.

    Args:
        run: a run at any epoch.
        parameters: whether to write weights and biases too, by names such as w1[2, 0].
    """
    losses = [run.history.loss, run.history.test_loss]
    known = [loss for loss in losses if loss is not None]
    header = ["epoch", *["training loss", "test loss"][: len(known)]]
    yield as_lines([header + (parameter_names(run.network) if parameters else [])])
    begin = 0
    for rows in _pieces(run) if parameters else _without_parameters(run):
        end = begin + len(rows)
        columns = [loss[begin:end, None] for loss in known]
        texts = as_texts(torch.cat([*columns, rows], dim=1))
        yield as_lines([begin + place, *row] for place, row in enumerate(texts))
        begin = end


def parameter_names(network: Network) -> list[str]:
    """Name all parameters: layer by layer, weights row by row, then biases."""
    names: list[str] = []
    for number, layer in enumerate(network.layers, start=1):
        fan_in, fan_out = layer.weights.shape
        names += [weight_name(number, i, j) for i in range(fan_in) for j in range(fan_out)]
        names += [bias_name(number, j) for j in range(fan_out)]
    return names


def _without_parameters(run: Run) -> Iterator[Float[Tensor, "rows 0"]]:
    for begin in range(0, run.epoch + 1, NUMBERS_AT_ONCE):
        yield torch.empty(min(NUMBERS_AT_ONCE, run.epoch + 1 - begin), 0)


def _pieces(run: Run) -> Iterator[Float[Tensor, "rows numbers"]]:
    """Return the parameters of all epochs in their order, some epochs at a time."""
    most = max(1, NUMBERS_AT_ONCE // run.network.parameters.numel())
    history = run.history
    if history.stride == 1:
        for begin in range(0, run.epoch + 1, most):
            yield _in_order(run.network, history.parameters[begin : begin + most])
        return
    # Between these epochs nothing but training has changed the run.
    choices = {epoch for epoch, _ in history.rates} | {one.epoch for one in history.settings}
    for begin, end in itertools.pairwise(sorted({0, *choices, run.epoch + 1})):
        past = rewind(run, begin)
        yield _in_order(run.network, past.network.parameters[None])
        loop = quick_loop([past])
        for first in range(begin + 1, end, most):
            loop.train(range(first, min(first + most, end)), 1)
            yield _in_order(run.network, loop.rows[:, : history.n_parameters])


def _in_order(
    network: Network, rows: Float[Tensor, "rows n_parameters"]
) -> Float[Tensor, "rows numbers"]:
    """Put parameters in the order of their names, without the free places between the layers."""
    layers = network.with_parameters(rows.clone()).layers
    parts = [part.flatten(1) for layer in layers for part in (layer.weights, layer.biases)]
    return torch.cat(parts, dim=1)
