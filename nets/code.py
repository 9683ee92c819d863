"""Code: the notebook's own lines, for any network, phase by phase and as a whole to paste."""

import itertools
from dataclasses import dataclass

from nets.config import Config
from nets.phases import Phase, phases
from nets.walk import Walk

# An activation of the notebook's kind, its derivative, and whether that is of z or of a.
FUNCTIONS: dict[str, tuple[str, str, str]] = {
    "sigmoid": ("1 / (1 + torch.exp(-z))", "a * (1 - a)", "a"),
    "tanh": ("torch.tanh(z)", "1 - a * a", "a"),
    "relu": ("torch.clamp(z, min=0)", "(z > 0).float()", "z"),
    "leaky_relu": ("torch.where(z > 0, z, 0.01 * z)", "torch.where(z > 0, 1.0, 0.01)", "z"),
    "linear": ("z", "torch.ones_like(z)", "z"),
}


@dataclass(frozen=True)
class CodeLine:
    """A line of Python and, as its comment, the shapes of its tensors."""

    code: str
    shapes: str = ""

    def __str__(self) -> str:
        return f"{self.code:<44}  # {self.shapes}" if self.shapes else self.code


def lines_of_phase(config: Config, phase: Phase, batch: int | str = "batch") -> list[CodeLine]:
    """Write the notebook's lines of a phase, for so many examples in an update."""
    sizes, last = config.sizes, len(config.sizes) - 1
    match phase:
        case Phase("forward", i):
            product = f"({batch}, {sizes[i - 1]}) @ ({sizes[i - 1]}, {sizes[i]}) + (1, {sizes[i]})"
            return [
                CodeLine(f"z{i} = torch.mm({_fed(i - 1, last)}, w{i}) + b{i}", product),
                CodeLine(
                    f"{_fed(i, last)} = {_activation(config, i)}_activation(z{i})",
                    f"({batch}, {sizes[i]})",
                ),
            ]
        case Phase("loss"):
            return [CodeLine(_error(config), f"({batch}, {sizes[-1]})")]
        case Phase("backward", i):
            return _backward(config, i, batch)
        case _:
            return _update(config, batch)


def _backward(config: Config, i: int, batch: int | str) -> list[CodeLine]:
    sizes, last = config.sizes, len(config.sizes) - 1
    shape, name = f"({batch}, {sizes[i]})", _activation(config, i)
    of = _fed(i, last) if _function(name)[2] == "a" else f"z{i}"
    number = "" if last == 2 else str(i)
    if i == last:
        return [
            CodeLine(f"delta_output = {name}_delta({of})", shape),
            CodeLine("d_outp = loss * delta_output", shape),
        ]
    product = f"({batch}, {sizes[i + 1]}) @ ({sizes[i + 1]}, {sizes[i]})"
    return [
        CodeLine(f"loss_h{number} = torch.mm({_blame(i + 1, last)}, w{i + 1}.t())", product),
        CodeLine(f"delta_hidden{number} = {name}_delta({of})", shape),
        CodeLine(f"{_blame(i, last)} = loss_h{number} * delta_hidden{number}", shape),
    ]


def _update(config: Config, batch: int | str) -> list[CodeLine]:
    sizes, last = config.sizes, len(config.sizes) - 1
    every = range(last, 0, -1)
    total = "sum()" if config.bias_rule == "notebook" else "sum(0, keepdim=True)"
    shape = "one number for all" if config.bias_rule == "notebook" else "(1, {})"
    return [
        CodeLine(
            f"w{i} += torch.mm({_fed(i - 1, last)}.t(), {_blame(i, last)}) * learning_rate",
            f"({sizes[i - 1]}, {batch}) @ ({batch}, {sizes[i]})",
        )
        for i in every
    ] + [
        CodeLine(f"b{i} += {_blame(i, last)}.{total} * learning_rate", shape.format(sizes[i]))
        for i in every
    ]


def script_of(walk: Walk) -> str:
    """Write a whole program that comes to the same numbers, from the seed to the phase revealed."""
    run = walk.start
    config = run.config
    rates = [*run.history.rates, (run.epoch, run.learning_rate)]
    spans = [
        f"({rate!r}, range({begin + 1}, {end + 1}))"
        for (begin, rate), (end, _) in itertools.pairwise(rates)
        if end > begin
    ]
    lines = [
        "import torch",
        *_imports(config),
        "",
        *_first_numbers(config),
        "",
        *_functions(config),
    ]
    if spans:
        lines += [f"for learning_rate, epochs in [{', '.join(spans)}]:"]
        lines += ["    for epoch in epochs:", *_indented(_epoch(config, "epoch"), 2)]
    lines += ["", f"learning_rate = {run.learning_rate!r}"]
    if walk.phase is not None:
        lines += _until(walk)
    return "\n".join(lines) + "\n"


def _until(walk: Walk) -> list[str]:
    """The next epoch, as far as it is revealed."""
    config, every = walk.start.config, phases(len(walk.start.network.layers))
    lines: list[str] = []
    if _has_batches(config):
        order = f"order_of(len(inputs), {walk.start.epoch + 1}, {config.seed})"
        lines.append(f"batches = {order}.split({config.batch_size})")
        if walk.batch:
            lines += [f"for rows in batches[:{walk.batch}]:", *_indented(_one_batch(config), 1)]
        lines.append(f"x, y = inputs[batches[{walk.batch}]], targets[batches[{walk.batch}]]")
    for phase in every[: (walk.revealed - 1) % len(every) + 1]:
        lines += map(str, lines_of_phase(config, phase, len(walk.step.rows)))
    return lines


def _imports(config: Config) -> list[str]:
    lines = ["from nets.batches import order_of"] if _has_batches(config) else []
    lines += ["from nets import DATASETS"] if config.data != "notebook" else []
    lines += ["from nets import LOSSES"] if config.loss != "SquaredError" else []
    names = {config.hidden_activation, config.output_activation} - set(FUNCTIONS)
    return lines + (["from nets import ACTIVATIONS"] if names else [])


def _first_numbers(config: Config) -> list[str]:
    """Draw everything in the notebook's order: data, weights, biases."""
    sizes, count = config.sizes, config.examples
    x, y = ("inputs", "targets") if _has_batches(config) else ("x", "y")
    if config.data == "notebook":
        data = [
            f"{x} = torch.randn(({count}, {sizes[0]}))",
            f"{y} = torch.randn(({count}, {sizes[-1]}))",
        ]
    else:
        shape = (count, sizes[0], sizes[-1])
        data = [
            f'data = DATASETS["{config.data}"].make({shape}, torch.default_generator)',
            f"{x}, {y} = data.inputs, data.targets",
        ]
    pairs = list(enumerate(itertools.pairwise(sizes), start=1))
    weights = [f"w{i} = torch.randn({fan_in}, {fan_out})" for i, (fan_in, fan_out) in pairs]
    biases = [f"b{i} = torch.randn((1, {fan_out}))" for i, (_, fan_out) in pairs]
    return [f"torch.manual_seed({config.seed})", *data, *weights, *biases]


def _functions(config: Config) -> list[str]:
    lines: list[str] = []
    for name in dict.fromkeys((config.hidden_activation, config.output_activation)):
        value, slope, of = _function(name)
        lines += [f"def {name}_activation(z):", f"    return {value}", ""]
        lines += [f"def {name}_delta({of}):", f"    return {slope}", ""]
    return lines


def _function(name: str) -> tuple[str, str, str]:
    """Look up an activation's code; one that is not written out here is called by its name."""
    ours = f'ACTIVATIONS["{name}"]', "torch.empty_like(z)"
    called = (
        f"{ours[0]}.value(z, {ours[1]})",
        f"{ours[0]}.slope(z, {ours[0]}.value(z, {ours[1]}), {ours[1]})",
    )
    return FUNCTIONS.get(name, (*called, "z"))


def _epoch(config: Config, epoch: str) -> list[str]:
    if not _has_batches(config):
        return _all_phases(config)
    order = f"order_of(len(inputs), {epoch}, {config.seed}).split({config.batch_size})"
    return [f"for rows in {order}:", *_indented(_one_batch(config), 1)]


def _one_batch(config: Config) -> list[str]:
    return ["x, y = inputs[rows], targets[rows]", *_all_phases(config)]


def _all_phases(config: Config) -> list[str]:
    every = phases(len(config.sizes) - 1)
    return [line.code for phase in every for line in lines_of_phase(config, phase)]


def _error(config: Config) -> str:
    error = "y - output"
    if config.loss != "SquaredError":
        error = f'-LOSSES["{config.loss}"].slope(output, y, torch.empty_like(y))'
    mean = config.reduction == "mean"
    return f"loss = ({error}) / len(y)" if mean else f"loss = {error}"


def _activation(config: Config, layer: int) -> str:
    last = layer == len(config.sizes) - 1
    return config.output_activation if last else config.hidden_activation


def _fed(layer: int, last: int) -> str:
    """Name what a layer gives: x, a1, a2, …, output."""
    return "x" if layer == 0 else "output" if layer == last else f"a{layer}"


def _blame(layer: int, last: int) -> str:
    """Name the notebook's change of a layer: d_outp, d_hidn, or d_hidn1, … where hidden are many."""
    return "d_outp" if layer == last else "d_hidn" if last == 2 else f"d_hidn{layer}"


def _has_batches(config: Config) -> bool:
    return config.batch_size is not None


def _indented(lines: list[str], levels: int) -> list[str]:
    return ["    " * levels + line for line in lines]
