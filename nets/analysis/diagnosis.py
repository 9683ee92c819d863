"""Diagnosis: the problems of a run, each with its evidence."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from nets.analysis.symptoms import (
    DeadRelus,
    Saturated,
    Symmetric,
    VanishingGradients,
    find_dead_relus,
    find_saturated,
    find_symmetric,
    find_vanishing_gradients,
)
from nets.config import LOWEST_RATE
from nets.data.examples import Data
from nets.engine.compatibility import lowest_loss
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.training.advance import advance, rewind
from nets.training.batches import number_of_batches
from nets.training.run import Divergence, Run, with_learning_rate

SAMPLE = 10_000  # examples that are checked; evenly spaced, because data may be sorted
RECENT = 10  # epochs over which a rise of the loss counts
# How far the loss must have risen, and how far it must fall with a smaller rate, both relative: a
# rise that is visible in the chart, and a fall beyond the rounding of a sum in float32.
RISE, FALL = 1e-3, 1e-5
# A learning rate is too large if dividing it by one of these makes the loss fall instead. If none
# does, the loss may already have been at its minimum.
DIVISORS = (1e1, 1e2, 1e4, 1e8, 1e12)
# Retraining may take about half a second; if it would take longer, the learning rate is not judged.
# WORK is counted in parameters · examples; each update costs at least as much as UPDATE of them.
WORK, UPDATE = 2**27, 2**13
# Outputs are on a plateau if they differ by less than this share of what the targets differ, and
# answering their mean for all examples would cost at most this much more.
DIFFERENCE, GAIN = 0.2, 0.02
PLATEAU_AFTER = 10  # epochs; before that nobody expects the outputs to differ
TIMES = (2, 5, 10, 20, 50, 100)  # how much larger the rates are that are tried on a plateau
MAX_PAIRED = 8  # examples; larger data sets are not searched for inseparable pairs


@dataclass(frozen=True)
class RisingLoss:
    """A learning rate that made the loss rise where a smaller one makes it fall.

    Attributes:
        since, before: an earlier epoch, and its loss.
        now: the loss at the present epoch.
        rate: the learning rate since then.
        smaller_rate, smaller_loss: a smaller rate, and the loss after the same epochs with it.
    """

    since: int
    before: float
    now: float
    rate: float
    smaller_rate: float
    smaller_loss: float


@dataclass(frozen=True)
class Plateau:
    """Outputs that hardly depend on the inputs.

    Attributes:
        low, high: the lowest and the highest output of the neuron whose outputs differ most.
        loss, constant_loss: the loss, and the loss of answering the mean output for all examples.
        times: how many times as large a learning rate leaves the plateau in the same epochs; None
            if none was found.
        larger_loss: the loss with that rate.
    """

    low: float
    high: float
    loss: float
    constant_loss: float
    times: int | None = None
    larger_loss: float = 0.0


@dataclass(frozen=True)
class Inseparable:
    """Examples that are not linearly separable: without a hidden layer they cannot all be right.

    Attributes:
        ones, zeros: two examples with target 1 and two with target 0, counted from 0, whose inputs
            have the same sum.
    """

    ones: tuple[int, int]
    zeros: tuple[int, int]


Diagnosis = (
    Divergence
    | Inseparable
    | RisingLoss
    | Saturated
    | DeadRelus
    | VanishingGradients
    | Symmetric
    | Plateau
)


def diagnose(run: Run) -> list[Diagnosis]:
    """List the problems of a run at its present epoch.

    Takes one forward propagation and one backpropagation of up to `SAMPLE` examples. If the loss
    has risen, the last epochs are trained again with smaller learning rates. The run does not
    change.
    """
    data, network = _sample(run.data), run.network
    activity = forward(network, data.inputs)
    dead = find_dead_relus(network, activity, data.targets)
    found = (
        run.divergence,
        find_inseparable(network, data),
        find_rising_loss(run),
        find_saturated(network, activity, data.targets),
        dead,
        # Behind a dead ReLU there is no gradient to compare, so the cause is named once.
        None if dead else find_vanishing_gradients(run, activity, data.targets),
        find_symmetric(network),
    )
    problems: list[Diagnosis] = [diagnosis for diagnosis in found if diagnosis is not None]
    if not problems and (plateau := find_plateau(run, activity.output, data.targets)):
        return [plateau]
    return problems


def _sample(data: Data) -> Data:
    """Take evenly spaced examples if there are more than `SAMPLE`."""
    stride = -(-len(data) // SAMPLE)
    return data if stride == 1 else Data(data.inputs[::stride], data.targets[::stride])


def find_rising_loss(run: Run) -> RisingLoss | None:
    """If the loss has risen in the last epochs, try smaller learning rates from the same weights.

    A small enough step along the gradient always lowers the loss. With mini-batches the loss may
    rise for another reason, because each batch has its own gradient; so the epochs are trained
    again to find out.
    """
    since = max(run.epoch - RECENT, run.history.last_choice)
    before = run.history.loss[since].item()
    if not run.loss > before * (1 + RISE) or _work(run) > WORK:
        return None
    past = rewind(run, since)
    for times in DIVISORS:
        rate = max(run.learning_rate / times, LOWEST_RATE)
        retrained = advance(with_learning_rate(past, rate), run.epoch - since)
        if retrained.divergence is None and retrained.loss < before * (1 - FALL):
            return RisingLoss(since, before, run.loss, run.learning_rate, rate, retrained.loss)
    return None


def _work(run: Run, epochs: int = RECENT, times: int = len(DIVISORS)) -> int:
    """Estimate the work of training this number of epochs again, this number of times."""
    examples, epochs = len(run.data), run.history.stride + epochs * times
    updates = number_of_batches(examples, run.config.batch_size)
    return epochs * (examples * run.network.parameters.numel() + updates * UPDATE)


def find_plateau(
    run: Run, outputs: Float[Tensor, "batch n_output"], targets: Float[Tensor, "batch n_output"]
) -> Plateau | None:
    """Find out whether the outputs hardly differ, and whether a larger rate would help.

    The epochs since the last change of the learning rate are trained again with larger rates.
    """
    loss = LOSSES[run.config.loss]
    squashed = outputs.softmax(-1) if loss.squash == "softmax" else outputs.sigmoid()
    answers = squashed if loss.squash else outputs
    spread, wanted = (values.amax(0) - values.amin(0) for values in (answers, targets))
    if run.epoch < PLATEAU_AFTER or not (spread < DIFFERENCE * wanted).all():
        return None
    now, constant = (
        loss.value(each, targets).item()
        for each in (outputs, outputs.mean(0, keepdim=True).expand_as(outputs).contiguous())
    )
    if now < constant * (1 - GAIN):
        return None
    most = int(spread.argmax())
    low, high = (value.item() for value in answers[:, most].aminmax())
    times, larger_loss = _leave_plateau(run)
    return Plateau(low, high, now, constant, times, larger_loss)


def _leave_plateau(run: Run) -> tuple[int | None, float]:
    """Find a larger rate that at least halves the loss in the same epochs, and that loss."""
    since = run.history.last_choice
    if _work(run, run.epoch - since, len(TIMES)) > WORK:
        return None, 0.0
    past = rewind(run, since)
    for times in TIMES:
        retrained = advance(with_learning_rate(past, run.learning_rate * times), run.epoch - since)
        if retrained.divergence is None and retrained.loss < run.loss / 2:
            return times, retrained.loss
    return None, 0.0


def find_inseparable(network: Network, data: Data) -> Inseparable | None:
    """Find two pairs of examples that a network without a hidden layer cannot separate.

    Both pairs have the same sum of inputs and therefore, for all weights, the same sum of z; but
    the targets are 1 in one pair and 0 in the other. Returns None if no such pairs are found, which
    does not mean that the examples are separable.
    """
    if len(network.layers) > 1 or len(data) > MAX_PAIRED or data.targets.shape[1] != 1:
        return None
    for ones, zeros in itertools.product(_pairs(data, 1.0), list(_pairs(data, 0.0))):
        if torch.equal(data.inputs[list(ones)].sum(dim=0), data.inputs[list(zeros)].sum(dim=0)):
            return Inseparable(ones, zeros)
    return None


def best_possible_loss(run: Run) -> float:
    """Compute a lower bound for the loss per example; 0 if none is known.

    Either targets are out of the output's reach, or there are four examples that no straight line
    separates: the bound is then the loss of answering ½ everywhere.
    """
    config, targets = run.config, run.data.targets
    loss, bound = LOSSES[config.loss], lowest_loss(targets, config.output_activation, config.loss)
    half_is_best = config.output_activation in loss.half_after and len(targets) == 4
    if not half_is_best or find_inseparable(run.network, run.data) is None:
        return bound
    exact = targets.to(torch.float64)
    return max(bound, loss.value(torch.full_like(exact, loss.threshold), exact).item())


def _pairs(data: Data, target: float) -> Iterator[tuple[int, int]]:
    rows = [n for n, row in enumerate(data.targets) if row.item() == target]
    return itertools.combinations(rows, 2)
