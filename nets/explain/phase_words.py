"""Phase words: what a phase does and why, in plain sentences about the network on show."""

from nets.engine.activations import ACTIVATIONS
from nets.engine.losses import LOSSES
from nets.engine.optimizers import OPTIMIZERS
from nets.engine.softmax import FOR_OUTPUTS
from nets.explain.phases import Phase
from nets.training.run import Run


def explain_phase(run: Run, phase: Phase) -> str:
    """Say what a phase of the run's next update does."""
    match phase.step:
        case "forward":
            return _forward(run, phase.layer)
        case "loss":
            return _loss(run)
        case "backward":
            return f"{_deltas(run, phase.layer)} {_gradients(run, phase.layer)}"
        case _:
            return _update(run)


def _forward(run: Run, layer: int) -> str:
    config, is_last = run.config, layer == len(run.config.sizes) - 1
    name = config.output_activation if is_last else config.hidden_activation
    result = (
        "The result ŷ is the answer of the network."
        if is_last
        else "The result a is what the next layer gets."
    )
    begin = "Each neuron of this layer adds up its inputs, each times a weight, and its bias"
    if (ACTIVATIONS | FOR_OUTPUTS)[name].joint:
        return f"{begin}. Then {name} turns all sums z into shares that add up to 1. {result}"
    return f"{begin}, and puts the sum z through {name}. {result}"


def _loss(run: Run) -> str:
    loss = LOSSES[run.config.loss]
    inside = f" It puts the outputs through {loss.squash} first." if loss.squash else ""
    return (
        f"{loss.name} compares the answers ŷ with the targets y and gives one number. The smaller "
        f"it is, the better the answers.{inside}"
    )


def _deltas(run: Run, layer: int) -> str:
    if layer == len(run.config.sizes) - 1:
        return "δ is how fast the loss rises when the sum z of a neuron rises."
    return (
        "Each neuron gets back the δ of the next layer, times the weights between them and the "
        f"slope of {run.config.hidden_activation}: its own δ."
    )


def _gradients(run: Run, layer: int) -> str:
    """Say what follows from δ for the weights and the biases of a layer."""
    weights = "The gradient of a weight is δ times what comes in along it;"
    if run.config.bias_rule == "notebook" and run.config.sizes[layer] > 1:
        return f"{weights} all biases of the layer use the sum of its δ (the notebook’s rule)."
    return f"{weights} that of a bias is δ."


def _update(run: Run) -> str:
    config, optimizer = run.config, OPTIMIZERS[run.config.optimizer]
    change = f"The change is minus the learning rate {run.learning_rate:g} times the gradient."
    if optimizer.state_names:
        change = (
            f"{optimizer.title} computes the change from this gradient and earlier ones, with the "
            f"learning rate {run.learning_rate:g}."
        )
    sentence = f"Every weight and bias moves against its gradient, so that the loss falls. {change}"
    if config.bias_rule == "notebook" and max(config.sizes[1:]) > 1:
        return f"{sentence} All biases of a layer move by the same number (the notebook’s rule)."
    return sentence
