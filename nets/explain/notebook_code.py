"""Notebook code: the notebook's own lines, for any network, phase by phase."""

from dataclasses import dataclass

from nets.config import Config
from nets.engine.activations import ACTIVATIONS, Activation
from nets.engine.losses import LOSSES
from nets.engine.names import outputs_name
from nets.engine.softmax import FOR_OUTPUTS
from nets.explain.phases import Phase


@dataclass(frozen=True)
class CodeLine:
    """A line of Python, and the shapes of its tensors for the comment."""

    code: str
    shapes: str


def align_comments(lines: list[CodeLine]) -> str:
    """Join lines of code, with their comments in one column."""
    width = max(len(line.code) for line in lines)
    return "\n".join(f"{line.code:<{width}}  # {line.shapes}" for line in lines)


def stack_comments(lines: list[CodeLine]) -> str:
    """Join lines of code, each below its comment, for a narrow place."""
    return "\n".join(f"# {line.shapes}\n{line.code}" for line in lines)


def write_phase(config: Config, phase: Phase, batch: int | str = "batch") -> list[CodeLine]:
    """Write the notebook's lines of a phase, for an update with this many examples."""
    sizes, last = config.sizes, len(config.sizes) - 1
    match phase:
        case Phase("forward", i):
            product = f"({batch}, {sizes[i - 1]}) @ ({sizes[i - 1]}, {sizes[i]}) + (1, {sizes[i]})"
            return [
                CodeLine(f"z{i} = torch.mm({outputs_name(i - 1, last)}, w{i}) + b{i}", product),
                CodeLine(
                    f"{outputs_name(i, last)} = {_activation(config, i)}_activation(z{i})",
                    f"({batch}, {sizes[i]})",
                ),
            ]
        case Phase("loss"):
            return [CodeLine(_error(config), f"({batch}, {sizes[-1]}), {_meaning(config)}")]
        case Phase("backward", i):
            return _backward(config, i, batch)
        case _:
            return _update(config, batch)


def _backward(config: Config, i: int, batch: int | str) -> list[CodeLine]:
    sizes, last = config.sizes, len(config.sizes) - 1
    shape, name = f"({batch}, {sizes[i]})", _activation(config, i)
    of = outputs_name(i, last) if find_activation(name).slope_of == "a" else f"z{i}"
    number = "" if last == 2 else str(i)
    if name in FOR_OUTPUTS:
        return [
            CodeLine("shared = (output * loss).sum(1, keepdim=True)", f"({batch}, 1)"),
            CodeLine("d_outp = output * (loss - shared)", shape),
        ]
    if i == last:
        return [
            CodeLine(f"delta_output = {name}_delta({of})", shape),
            CodeLine("d_outp = loss * delta_output", shape),
        ]
    product = f"({batch}, {sizes[i + 1]}) @ ({sizes[i + 1]}, {sizes[i]})"
    return [
        CodeLine(f"loss_h{number} = torch.mm({_delta_name(i + 1, last)}, w{i + 1}.t())", product),
        CodeLine(f"delta_hidden{number} = {name}_delta({of})", shape),
        CodeLine(f"{_delta_name(i, last)} = loss_h{number} * delta_hidden{number}", shape),
    ]


def _update(config: Config, batch: int | str) -> list[CodeLine]:
    """Update weights and biases, or give their gradients to an optimiser of torch.optim."""
    sizes, by_hand = config.sizes, config.optimizer == "GradientDescent"
    weight = "w{i} += {change} * learning_rate" if by_hand else "w{i}.grad = -{change}"
    bias = (
        "b{i} += {change} * learning_rate" if by_hand else "b{i}.grad = -{change}.expand_as(b{i})"
    )
    every = range(len(sizes) - 1, 0, -1)
    weights = [
        CodeLine(
            weight.format(i=i, change=_weight_change(config, i)),
            f"({sizes[i - 1]}, {batch}) @ ({batch}, {sizes[i]})",
        )
        for i in every
    ]
    biases = [
        CodeLine(bias.format(i=i, change=_bias_change(config, i)), _bias_shape(config, i))
        for i in every
    ]
    step = [] if by_hand else [CodeLine("optimizer.step()", config.optimizer)]
    return [*weights, *biases, *step]


def _weight_change(config: Config, i: int) -> str:
    """Write what is added to a layer's weights per learning rate, less the L2 and L1 terms."""
    last = len(config.sizes) - 1
    product = f"torch.mm({outputs_name(i - 1, last)}.t(), {_delta_name(i, last)})"
    pull = f" - {config.l2} * w{i}" if config.l2 else ""
    pull += f" - {config.l1} * w{i}.sign()" if config.l1 else ""
    return f"({product}{pull})" if pull else product


def _bias_change(config: Config, i: int) -> str:
    total = "sum()" if config.bias_rule == "notebook" else "sum(0, keepdim=True)"
    return f"{_delta_name(i, len(config.sizes) - 1)}.{total}"


def _bias_shape(config: Config, i: int) -> str:
    return "one number for all" if config.bias_rule == "notebook" else f"(1, {config.sizes[i]})"


def find_activation(name: str) -> Activation:
    """Look up an activation by its name."""
    return (ACTIVATIONS | FOR_OUTPUTS)[name]


def _error(config: Config) -> str:
    error = LOSSES[config.loss].notebook
    mean = config.reduction == "mean"
    return f"loss = ({error}) / len(y)" if mean else f"loss = {error}"


def _meaning(config: Config) -> str:
    """Say what the notebook's variable `loss` is."""
    return "the error" if config.loss == "SquaredError" else "minus the slope of the loss"


def _activation(config: Config, layer: int) -> str:
    last = layer == len(config.sizes) - 1
    return config.output_activation if last else config.hidden_activation


def _delta_name(layer: int, last: int) -> str:
    """Name the delta of a layer: d_outp, d_hidn, or d_hidn1, … for several hidden layers."""
    return "d_outp" if layer == last else "d_hidn" if last == 2 else f"d_hidn{layer}"
