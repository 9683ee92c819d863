"""Phases: one update of the parameters, taken apart, and the walk through its parts."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Activity, Gradients
from nets.engine.backprop import fill_slopes
from nets.engine.network import Network
from nets.training.advance import advance
from nets.training.batches import number_of_batches, order_of
from nets.training.loop import TrainingLoop
from nets.training.run import Run

LARGEST = torch.finfo(torch.float32).max  # training computes in float32


@dataclass(frozen=True)
class Phase:
    """A part of an update that is shown on its own.

    Attributes:
        step: which of the four steps it belongs to: "forward", "loss", "backward" or "update".
        layer: the layer that it computes, from 1; 0 where it is about the whole network.
    """

    step: str
    layer: int = 0


def phases(layers: int) -> list[Phase]:
    """List the phases of an update in order, for a network with this many layers.

    Forward propagation layer by layer, the loss, backpropagation from the last layer back, update.
    """
    forward = [Phase("forward", layer) for layer in range(1, layers + 1)]
    backward = [Phase("backward", layer) for layer in range(layers, 0, -1)]
    return [*forward, Phase("loss"), *backward, Phase("update")]


@dataclass(frozen=True)
class UpdateTrace:
    """All numbers of one update, in float64, computed from the run's own parameters.

    Attributes:
        run: the run at the start of the epoch.
        batch: which update of the epoch it is, from 0.
        rows: its examples, as row numbers of the data, from 0.
        targets: of these examples, (batch, n_output).
        network: before the update.
        activity, gradients: of these examples, with the run's bias rule, reduction and penalty.
        after: the network after the update.
        optimizer_state: for each number that the optimiser keeps per parameter, its values before
            and after the update, in the shape of the network.
    """

    run: Run
    batch: int
    rows: tuple[int, ...]
    targets: Float[Tensor, "batch n_output"]
    network: Network
    activity: Activity
    gradients: Gradients
    after: Network
    optimizer_state: tuple[tuple[Network, Network], ...] = ()

    @property
    def bias_gradients(self) -> list[Tensor]:
        """The gradient of every bias, layer by layer, which the notebook's rule does not follow."""
        return [delta.sum(dim=0, keepdim=True) for delta in self.gradients.deltas]

    @property
    def number(self) -> int:
        """Which update of the run it is, from 1."""
        return self.run.epoch * updates_per_epoch(self.run) + self.batch + 1

    def is_finite_until(self, phase: Phase) -> bool:
        """Say whether float32 can hold every number of the update up to the end of a phase."""
        order = phases(len(self.network.layers))
        shown = [self.network.parameters]
        for each in order[: order.index(phase) + 1]:
            shown += self._computed_in(each)
        return all(bool((tensor.abs() <= LARGEST).all()) for tensor in shown)

    def _computed_in(self, phase: Phase) -> list[Tensor]:
        """List what a phase computes."""
        at = phase.layer - 1
        match phase.step:
            case "forward":
                return [self.activity.sums[at], self.activity.outputs[at]]
            case "loss":
                return [self.targets - self.activity.output]
            case "backward":
                gradients = self.gradients
                return [gradients.deltas[at], gradients.weights[at], gradients.biases[at]]
            case _:
                return [self.after.parameters]


def updates_per_epoch(run: Run) -> int:
    """Count the updates in one epoch: one per mini-batch."""
    return number_of_batches(len(run.data), run.config.batch_size)


def trace_update(run: Run, batch: int = 0) -> UpdateTrace:
    """Compute one update of the run's next epoch and keep its numbers; the run does not change.

    The earlier updates of the same epoch are made in float32, as in training.
    """
    before = _train_to_batch(run, batch)
    training = TrainingLoop([before], batch)
    with torch.inference_mode():
        part = training.batches.of_epoch(run.epoch + 1, training.seeds)[batch]
        training.step(part)
        fill_slopes(part.activity, part.gradients)
    return UpdateTrace(
        run,
        batch,
        _list_rows(run, batch),
        part.targets,
        before.network,
        part.activity,
        part.gradients,
        training.network,
        _pair_optimizer_states(before, training),
    )


def _train_to_batch(run: Run, batch: int) -> Run:
    """Make the earlier updates of the next epoch; return the run then, its network in float64."""
    if batch == 0:
        return replace(run, network=run.network.copy(torch.float64))
    training = TrainingLoop([run])
    with torch.inference_mode():
        for earlier in training.batches.of_epoch(run.epoch + 1, training.seeds)[:batch]:
            training.step(earlier)
    network = training.network.copy(torch.float64)
    return replace(run, network=network, optimizer_state=training.optimizer_state.double())


def _list_rows(run: Run, batch: int) -> tuple[int, ...]:
    """List the examples of an update of the next epoch."""
    count, size = len(run.data), run.config.batch_size
    if size is None or size >= count:
        return tuple(range(count))
    order = order_of(count, run.epoch + 1, run.config.seed)
    return tuple(map(int, order[batch * size : (batch + 1) * size]))


def _pair_optimizer_states(before: Run, after: TrainingLoop) -> tuple[tuple[Network, Network], ...]:
    """View the optimiser's flat state as networks, before and after the update."""
    length = len(before.network.parameters)
    memories = (
        memory.double().view(-1, length)
        for memory in (before.optimizer_state, after.optimizer_state)
    )
    shaped = before.network.with_parameters
    return tuple((shaped(old), shaped(new)) for old, new in zip(*memories, strict=True))


@dataclass(frozen=True)
class Walkthrough:
    """A position inside an epoch: how many of its phases have been shown.

    The engine always computes a whole epoch, so the walk ends with the same numbers as `advance`.

    Attributes:
        start: the run at the start of the epoch.
        shown: how many phases of the epoch have been shown, from none to all.
    """

    start: Run
    shown: int = 0

    @cached_property
    def run(self) -> Run:
        """The run at this position: the next epoch is reached with the last phase."""
        return self.start if self.shown < self.phase_count else advance(self.start)

    @property
    def phase_count(self) -> int:
        """How many phases the epoch has."""
        return len(self._phases) * updates_per_epoch(self.start)

    @property
    def batch(self) -> int:
        """Which update of the epoch this is, from 0."""
        return max(0, self.shown - 1) // len(self._phases)

    @property
    def phase(self) -> Phase | None:
        """The phase shown last, or None before the first."""
        if self.shown == 0:
            return None
        return self._phases[(self.shown - 1) % len(self._phases)]

    @cached_property
    def trace(self) -> UpdateTrace:
        """All numbers of the update at this position."""
        return trace_update(self.start, self.batch)

    @property
    def is_finite(self) -> bool:
        """Whether all numbers up to this position are finite, and the run that it leads to."""
        if self.phase is None:
            return True
        return self.run.divergence is None and self.trace.is_finite_until(self.phase)

    def next_phase(self) -> Self:
        """Show the next phase, which may be the first one of the next epoch."""
        if self.shown < self.phase_count:
            following = type(self)(self.start, self.shown + 1)
            if following.batch == self.batch and "trace" in vars(self):
                vars(following)["trace"] = self.trace  # all phases of an update share its numbers
            return following
        return type(self)(self.run, 1)

    def from_start(self, start: Run) -> Self | None:
        """Return the same position with another run at the start, if the epoch is not over."""
        return replace(self, start=start) if self.shown < self.phase_count else None

    @property
    def _phases(self) -> list[Phase]:
        return phases(len(self.start.network.layers))
