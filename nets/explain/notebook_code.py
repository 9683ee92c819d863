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


def write_phase(
    config: Config, phase: Phase, batch: int | str = "batch", *, exact: bool = False
) -> list[CodeLine]:
    """Write the notebook's lines of a phase, for an update with this many examples.

    With `exact` they make the calls of torch that training makes, so they have its bits. Under the
    gradient rule these need `FUSED_CALLS` before them, and inputs and targets as `fed1` and `y`
    whose examples lie in the memory as on the page.
    """
    sizes, fused = config.sizes, exact and is_fused(config)
    match phase:
        case Phase("forward", i):
            return _forward(config, i, batch, fused=fused)
        case Phase("loss"):
            return [CodeLine(_error(config), f"({batch}, {sizes[-1]}), {_meaning(config)}")]
        case Phase("backward", i):
            return _backward(config, i, batch, fused=fused)
        case _ if fused:
            return _fused_update(config, batch)
        case _:
            return _update(config, batch, exact=exact)


def is_fused(config: Config) -> bool:
    """Whether training makes fused calls of torch, which round otherwise than the notebook's."""
    return config.bias_rule == "gradient"


FUSED_CALLS = """\
# Examples lie in columns of the memory, as on the page, so that all is rounded as there.
def product(a, b):
    return torch.mm(a, b, out=torch.empty(b.shape[1], len(a)).t())

def with_ones(a):  # one more input that is always 1: the biases are its weights
    return torch.cat([a.t(), torch.ones(1, len(a))]).t()

"""


def _forward(config: Config, i: int, batch: int | str, *, fused: bool) -> list[CodeLine]:
    sizes, last = config.sizes, len(config.sizes) - 1
    before, shape = outputs_name(i - 1, last), f"({batch}, {sizes[i]})"
    lines = [CodeLine(f"z{i} = torch.mm({before}, w{i}) + b{i}", _forward_shapes(config, i, batch))]
    if fused:
        matrix = f"({batch}, {sizes[i - 1] + 1}) @ ({sizes[i - 1] + 1}, {sizes[i]})"
        lines = [CodeLine(f"z{i} = product(fed{i}, torch.cat([w{i}, b{i}]))", matrix)]
        if i > 1:
            fed = CodeLine(f"fed{i} = with_ones({before})", f"({batch}, {sizes[i - 1] + 1})")
            lines.insert(0, fed)
    activated = f"{outputs_name(i, last)} = {_activation(config, i)}_activation(z{i})"
    return [*lines, CodeLine(activated, shape)]


def _forward_shapes(config: Config, i: int, batch: int | str) -> str:
    fan_in, fan_out = config.sizes[i - 1 : i + 1]
    return f"({batch}, {fan_in}) @ ({fan_in}, {fan_out}) + (1, {fan_out})"


def _backward(config: Config, i: int, batch: int | str, *, fused: bool) -> list[CodeLine]:
    sizes, last = config.sizes, len(config.sizes) - 1
    shape, name = f"({batch}, {sizes[i]})", _activation(config, i)
    of = outputs_name(i, last) if find_activation(name).slope_of == "a" else f"z{i}"
    number, product = "" if last == 2 else str(i), "product" if fused else "torch.mm"
    back = find_activation(name).fused_back_code if fused else ""
    if name in FOR_OUTPUTS:
        return [
            CodeLine("shared = (output * loss).sum(1, keepdim=True)", f"({batch}, 1)"),
            CodeLine("d_outp = output * (loss - shared)", shape),
        ]
    if i == last and back:
        return [CodeLine(f"d_outp = {back.format(error='loss', a=of)}", shape)]
    if i == last:
        return [
            CodeLine(f"delta_output = {name}_delta({of})", shape),
            CodeLine("d_outp = loss * delta_output", shape),
        ]
    shapes = f"({batch}, {sizes[i + 1]}) @ ({sizes[i + 1]}, {sizes[i]})"
    lines = [
        CodeLine(f"loss_h{number} = {product}({_delta_name(i + 1, last)}, w{i + 1}.t())", shapes)
    ]
    if back:
        code = back.format(error=f"loss_h{number}", a=of)
        return [*lines, CodeLine(f"{_delta_name(i, last)} = {code}", shape)]
    return [
        *lines,
        CodeLine(f"delta_hidden{number} = {name}_delta({of})", shape),
        CodeLine(f"{_delta_name(i, last)} = loss_h{number} * delta_hidden{number}", shape),
    ]


def _update(config: Config, batch: int | str, *, exact: bool) -> list[CodeLine]:
    """Update weights and biases, or give their gradients to an optimiser of torch.optim."""
    sizes, by_hand = config.sizes, config.optimizer == "GradientDescent"
    weight = "w{i} += {change} * learning_rate" if by_hand else "w{i}.grad = -{change}"
    bias = (
        "b{i} += {change} * learning_rate" if by_hand else "b{i}.grad = -{change}.expand_as(b{i})"
    )
    every = range(len(sizes) - 1, 0, -1)
    weights = [
        CodeLine(
            weight.format(i=i, change=_weight_change(config, i, exact=exact)),
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


def _fused_update(config: Config, batch: int | str) -> list[CodeLine]:
    """Update each layer by one product: its last row is the change of the biases."""
    sizes, by_hand, lines = config.sizes, config.optimizer == "GradientDescent", list[CodeLine]()
    code = "{name}.addcmul_({change}, rate)" if by_hand else "{name}.grad = -{change}"
    for i in range(len(sizes) - 1, 0, -1):
        product = f"torch.mm(fed{i}.t(), {_delta_name(i, len(sizes) - 1)})"
        shapes = f"({sizes[i - 1] + 1}, {batch}) @ ({batch}, {sizes[i]})"
        weights = _with_penalty(config, i, f"change{i}[:-1]", exact=True)
        lines += [
            CodeLine(f"change{i} = {product}", shapes),
            CodeLine(code.format(name=f"w{i}", change=weights), f"({sizes[i - 1]}, {sizes[i]})"),
            CodeLine(code.format(name=f"b{i}", change=f"change{i}[-1:]"), f"(1, {sizes[i]})"),
        ]
    return lines if by_hand else [*lines, CodeLine("optimizer.step()", config.optimizer)]


def _weight_change(config: Config, i: int, *, exact: bool) -> str:
    """Write what is added to a layer's weights per learning rate, less the L2 and L1 terms."""
    last = len(config.sizes) - 1
    product = f"torch.mm({outputs_name(i - 1, last)}.t(), {_delta_name(i, last)})"
    return _with_penalty(config, i, product, exact=exact)


def _with_penalty(config: Config, i: int, change: str, *, exact: bool) -> str:
    """Subtract the L2 and L1 terms of a layer's weights."""
    terms = [(config.l2, f"w{i}"), (config.l1, f"w{i}.sign()")]
    for share, term in terms if exact else ():  # one call, which rounds once
        change = f"torch.sub({change}, {term}, alpha={share})" if share else change
    pull = "" if exact else "".join(f" - {share} * {term}" for share, term in terms if share)
    return f"({change}{pull})" if pull else change


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
