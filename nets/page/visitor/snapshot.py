"""A moment: what the page shows at one time, and all that the four steps compute then."""

from dataclasses import dataclass
from typing import Self

from nets.engine.activity import Activity, Gradients
from nets.engine.backprop import backward
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.regularization import Regularization
from nets.explain.phases import Phase, Walkthrough
from nets.figures.diagram_style import DiagramValues, neuron_names
from nets.training.advance import advance, rewind
from nets.training.run import Run


@dataclass(frozen=True)
class Snapshot:
    """A run at rest, or some way into its next epoch.

    Attributes:
        run: the run as it is now.
        walk: how far the epoch is revealed, or None at rest.
    """

    run: Run
    walk: Walkthrough | None = None

    @property
    def phase(self) -> Phase | None:
        """The phase that was revealed last, or None at rest."""
        return None if self.walk is None else self.walk.phase

    def after_epoch(self) -> Self:
        """Return what a whole epoch more leads to."""
        return type(self)(advance(self.run, 1))

    def after_phase(self) -> Self:
        """Return what the next phase leads to, which may be the first one of the next epoch."""
        walk = (self.walk or Walkthrough(self.run)).next_phase()
        return type(self)(walk.run, walk)


@dataclass(frozen=True)
class DisplayOptions:
    """What of a moment is looked at.

    Attributes:
        example: number of the example in the data, from 0, whose activations neurons show.
        colour_by: what colours the edges.
    """

    example: int = 0
    colour_by: str = "weight"


def forward_and_back(run: Run) -> tuple[Activity, Gradients]:
    """Propagate all examples forward, and their error back, as the next update would.

    The gradients are those that it follows: with the penalty on large weights.
    """
    activity = forward(run.network, run.data.inputs)
    gradients = backward(
        run.network,
        activity,
        run.data.targets,
        LOSSES[run.config.loss],
        bias_rule=run.config.bias_rule,
        reduction=run.config.reduction,
    )
    Regularization(run.config.l1, run.config.l2).add_slope(run.network, gradients.weights)
    return activity, gradients


def diagram_values(
    moment: Snapshot, sight: DisplayOptions | None = None, *, whole: bool = True
) -> DiagramValues:
    """Collect what the diagram shows.

    Where not the whole is wanted, only the example that is shown is propagated, if that will do.
    """
    sight = sight or DisplayOptions()
    if moment.walk is not None and moment.phase is not None:
        return _in_a_phase(moment.walk, sight)
    run, example = moment.run, min(sight.example, len(moment.run.data) - 1)
    if not whole and sight.colour_by == "weight":
        activity = forward(run.network, run.data.inputs[example : example + 1])
        return DiagramValues(run.network, activity)
    activity, gradients = forward_and_back(run)
    change = None
    if sight.colour_by == "last change" and run.epoch:
        before = rewind(run, run.epoch - 1).network.parameters
        change = run.network.parameters - before
    return DiagramValues(
        run.network,
        activity,
        gradients,
        change,
        example=example,
        colour_by=sight.colour_by,
    )


def _in_a_phase(walk: Walkthrough, sight: DisplayOptions) -> DiagramValues:
    step = walk.trace
    return DiagramValues(
        step.network,
        step.activity,
        step.gradients,
        step.after.parameters - step.network.parameters,
        example=step.rows.index(sight.example) if sight.example in step.rows else 0,
        phase=walk.phase,
        colour_by=sight.colour_by,
    )


def names_of(run: Run) -> list[list[str]]:
    """Name every neuron, layer by layer, the inputs first."""
    return neuron_names(run.config.sizes, run.data.input_names, run.data.output_names)
