"""A snapshot: what the page shows at one time, and all that the four steps compute then."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import torch

from nets.analysis.autograd import Objective
from nets.analysis.gradients_by_hand import ByHand, compute_by_hand
from nets.engine.activity import Activity
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.explain.phases import Phase, Walkthrough, updates_per_epoch
from nets.figures.diagram_style import DiagramValues, neuron_names
from nets.training.advance import advance, rewind
from nets.training.run import Run


@dataclass(frozen=True)
class Snapshot:
    """A run at rest, or partly through its next epoch.

    Attributes:
        run: the run as it is now.
        walk: how much of the epoch is shown, or None at rest.
    """

    run: Run
    walk: Walkthrough | None = None

    @property
    def phase(self) -> Phase | None:
        """The phase that was shown last, or None at rest."""
        return None if self.walk is None else self.walk.phase

    @cached_property
    def network(self) -> Network:
        """The network on show: inside an epoch of several updates, after those shown so far."""
        walk, phase = self.walk, self.phase
        if walk is None or phase is None or walk.shown == walk.phase_count:
            return self.run.network
        if walk.batch == 0 and phase.step != "update":
            return self.run.network
        trace = walk.trace
        return (trace.after if phase.step == "update" else trace.network).copy(torch.float32)

    @cached_property
    def loss(self) -> float:
        """The loss per example of the network on show, on the training data."""
        run, network = self.run, self.network
        if network is run.network:
            return run.loss
        output = forward(network, run.data.inputs).output
        return LOSSES[run.config.loss].value(output, run.data.targets).item()

    @property
    def run_on_show(self) -> Run:
        """The run with the network on show."""
        unchanged = self.network is self.run.network
        return self.run if unchanged else replace(self.run, network=self.network)

    @property
    def moment(self) -> str:
        """Say of which moment the network on show is."""
        when = f"epoch {self.run.epoch}"
        if self.walk is None or self.network is self.run.network:
            return when
        done = self.walk.batch + (self.phase == Phase("update"))
        return f"{when}, after update {done} of {updates_per_epoch(self.walk.start)}"

    def after_epoch(self) -> Self:
        """Return the snapshot after one more epoch."""
        return type(self)(advance(self.run, 1))

    def after_phase(self) -> Self:
        """Return the snapshot after the next phase, perhaps the first one of the next epoch.

        If its numbers are not finite, the epoch has no more phases to show. Then it ends as
        `after_epoch` does: at rest, and the run says what stopped being finite.
        """
        walk = (self.walk or Walkthrough(self.run)).next_phase()
        return type(self)(walk.run, walk) if walk.is_finite else type(self)(advance(walk.start))


@dataclass(frozen=True)
class DisplayOptions:
    """What of a snapshot is shown.

    Attributes:
        example: the number of the example, from 0, whose activations the neurons show.
        colour_by: what colours the edges.
        tried: inputs whose activations the neurons show at rest instead of an example's.
    """

    example: int = 0
    colour_by: str = "weight"
    tried: tuple[float, ...] | None = None


def compute(run: Run, example: int = 0) -> ByHand:
    """Take steps 1 to 3 for all examples, as the next update would, in float64."""
    network, objective = run.network.copy(torch.float64), Objective.of(run)
    return compute_by_hand(network, objective, run.config.bias_rule, example)


def example_of(snapshot: Snapshot, options: DisplayOptions) -> int:
    """Return the number of the example that the neurons show: one of the update's, in a phase."""
    if snapshot.walk is not None and snapshot.phase is not None:
        rows = snapshot.walk.trace.rows
        return options.example if options.example in rows else rows[0]
    return min(options.example, len(snapshot.run.data.inputs) - 1)


def diagram_values(
    snapshot: Snapshot, options: DisplayOptions | None = None, *, whole: bool = True
) -> tuple[DiagramValues, ByHand | None]:
    """Collect what the diagram shows, and return what was computed for it.

    Without `whole`, only the example on show is propagated forward, if that is enough.
    """
    options = options or DisplayOptions()
    if snapshot.walk is not None and snapshot.phase is not None:
        return _in_a_phase(snapshot.walk, example_of(snapshot, options), options), None
    run, example = snapshot.run, example_of(snapshot, options)
    if not whole and options.colour_by == "weight":
        tried = _tried(run.network, options)
        return DiagramValues(run.network, tried or _forward_one(run, example)), None
    computed, change = compute(run, example), None
    tried = _tried(run.network, options)
    if options.colour_by == "last change" and run.epoch:
        before = rewind(run, run.epoch - 1).network.parameters
        change = run.network.parameters - before
    values = DiagramValues(
        run.network,
        tried or computed.activity,
        computed.gradients,
        computed.bias_gradients,
        change,
        colour_by=options.colour_by,
    )
    return values, computed


def _forward_one(run: Run, example: int) -> Activity:
    """Propagate one example in float64, as `compute` does: a pause must not change a colour."""
    one = run.data.inputs[example : example + 1].double()
    return forward(run.network.copy(torch.float64), one)


def _tried(network: Network, options: DisplayOptions) -> Activity | None:
    """Propagate the inputs that are tried, if there are any and they fit."""
    if options.tried is None or len(options.tried) != network.sizes[0]:
        return None
    return forward(network, torch.tensor([options.tried]))


def _in_a_phase(walk: Walkthrough, example: int, options: DisplayOptions) -> DiagramValues:
    step = walk.trace
    activity = step.activity
    if walk.phase == Phase("update"):  # the neurons follow the new weights
        activity = forward(step.after, step.activity.inputs[0])
    shared = step.run.config.bias_rule == "notebook" and max(step.network.sizes[1:]) > 1
    return DiagramValues(
        step.network,
        activity,
        step.gradients,
        step.bias_gradients if shared else None,
        step.after.parameters - step.network.parameters,
        example=step.rows.index(example),
        phase=walk.phase,
        colour_by=options.colour_by,
    )


def names_of(run: Run) -> list[list[str]]:
    """Name every neuron, layer by layer, the inputs first."""
    return neuron_names(run.config.sizes, run.data.input_names, run.data.output_names)
