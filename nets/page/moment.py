"""A moment: everything that the four steps compute at one epoch of a run."""

from nets.activity import Activity, Gradients
from nets.backprop import backward
from nets.figures.look import Numbers, neuron_names
from nets.forward import forward
from nets.losses import LOSSES
from nets.training import Run


def forward_and_back(run: Run) -> tuple[Activity, Gradients]:
    """Propagate all examples forward, and their error back, as the next update would."""
    activity = forward(run.network, run.data.inputs)
    gradients = backward(
        run.network,
        activity,
        run.data.targets,
        LOSSES[run.config.loss],
        bias_rule=run.config.bias_rule,
        reduction=run.config.reduction,
    )
    return activity, gradients


def numbers_of(run: Run, *, with_gradients: bool = True) -> Numbers:
    """Collect what the diagram shows.

    Without gradients only the first example, the one that is shown, is propagated.
    """
    if with_gradients:
        return Numbers(run.network, *forward_and_back(run))
    return Numbers(run.network, forward(run.network, run.data.inputs[:1]))


def names_of(run: Run) -> list[list[str]]:
    """Name every neuron, layer by layer, the inputs first."""
    return neuron_names(run.config.sizes, run.data.input_names, run.data.output_names)
