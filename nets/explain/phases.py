"""Phases: one update of the parameters, taken apart into what is computed one after the other."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Activity, Gradients
from nets.engine.network import Network
from nets.training.batches import number_of_batches, order_of
from nets.training.loop import TrainingLoop
from nets.training.run import Run


@dataclass(frozen=True)
class Phase:
    """A part of an update that is looked at on its own.

    Attributes:
        step: which of the four steps it belongs to: "forward", "loss", "backward" or "update".
        layer: the layer that it computes, from 1; 0 where it is about the whole network.
    """

    step: str
    layer: int = 0


def phases(layers: int) -> list[Phase]:
    """List the phases of an update in their order, for a network of so many layers.

    Forward propagation layer by layer, the loss, backpropagation from the last layer back, update.
    """
    there = [Phase("forward", layer) for layer in range(1, layers + 1)]
    back = [Phase("backward", layer) for layer in range(layers, 0, -1)]
    return [*there, Phase("loss"), *back, Phase("update")]


@dataclass(frozen=True)
class UpdateTrace:
    """One update of the parameters, computed whole, in float64 from the run's own parameters.

    Attributes:
        run: the run at the beginning of the epoch.
        batch: which update of the epoch it is, from 0.
        rows: numbers of its examples in the data, from 0.
        targets: of these examples, (batch, n_output).
        network: before the update.
        activity, gradients: of these examples, under the run's bias rule and reduction, with the
            penalty on large weights.
        after: the network after the update.
        remembered: what the optimiser remembers of each parameter before and after the update, in
            the shape of the network, one pair for each thing that it remembers.
    """

    run: Run
    batch: int
    rows: tuple[int, ...]
    targets: Float[Tensor, "batch n_output"]
    network: Network
    activity: Activity
    gradients: Gradients
    after: Network
    remembered: tuple[tuple[Network, Network], ...] = ()

    @property
    def number(self) -> int:
        """Which update of the run it is, from 1."""
        return self.run.epoch * updates_an_epoch(self.run) + self.batch + 1


def updates_an_epoch(run: Run) -> int:
    """Count the updates in one epoch: one a mini-batch."""
    return number_of_batches(len(run.data), run.config.batch_size)


def trace_update(run: Run, batch: int = 0) -> UpdateTrace:
    """Take one update of the run's next epoch apart; the run stays as it is.

    The updates before it, in the same epoch, are made as training makes them.
    """
    before = _at_batch(run, batch)
    training = TrainingLoop([before], batch)
    with torch.inference_mode():
        part = training.batches.of_epoch(run.epoch + 1, training.seeds)[batch]
        training.step(part)
    return UpdateTrace(
        run,
        batch,
        _rows(run, batch),
        part.targets,
        before.network,
        part.activity,
        part.gradients,
        training.network,
        _remembered(before, training),
    )


def _remembered(before: Run, after: TrainingLoop) -> tuple[tuple[Network, Network], ...]:
    """Lay the network's shape over each thing that the optimiser remembers of every parameter."""
    length = len(before.network.parameters)
    memories = (memory.double().view(-1, length) for memory in (before.memory, after.memory))
    pairs = zip(*memories, strict=True)
    shaped = before.network.with_parameters
    return tuple((shaped(old), shaped(new)) for old, new in pairs)


def _at_batch(run: Run, batch: int) -> Run:
    """Return the run as it is before an update of the next epoch, its network in float64."""
    if batch == 0:
        return replace(run, network=run.network.copy(torch.float64))
    training = TrainingLoop([run])
    with torch.inference_mode():
        for earlier in training.batches.of_epoch(run.epoch + 1, training.seeds)[:batch]:
            training.step(earlier)
    network = training.network.copy(torch.float64)
    return replace(run, network=network, memory=training.memory.double())


def _rows(run: Run, batch: int) -> tuple[int, ...]:
    """Say which examples an update of the next epoch is made from."""
    count, size = len(run.data), run.config.batch_size
    if size is None or size >= count:
        return tuple(range(count))
    order = order_of(count, run.epoch + 1, run.config.seed)
    return tuple(map(int, order[batch * size : (batch + 1) * size]))
