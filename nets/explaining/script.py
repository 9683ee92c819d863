"""Script: a whole program in the notebook's manner that comes to a walk's numbers."""

import itertools

from nets.config import Config
from nets.examples.data import Data
from nets.explaining import data_code
from nets.explaining.code import FUNCTIONS, aligned, function_code, lines_of_phase
from nets.explaining.phases import phases
from nets.explaining.walk import Walk
from nets.first_weights import FIRST_WEIGHTS
from nets.update import OPTIMIZERS


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
        *_imports(config, run.data),
        "",
        *_first_numbers(config, run.data),
        "",
        *_functions(config),
        *_optimizer(config),
    ]
    if spans:
        lines += [f"for learning_rate, epochs in [{', '.join(spans)}]:"]
        lines += _indented(_rate(config), 1)
        lines += ["    for epoch in epochs:", *_indented(_epoch(config, "epoch"), 2)]
    lines += ["", f"learning_rate = {run.learning_rate!r}", *_rate(config)]
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
        lines += aligned(lines_of_phase(config, phase, len(walk.step.rows))).splitlines()
    return lines


def _imports(config: Config, data: Data) -> list[str]:
    lines = ["from nets.batches import order_of"] if _has_batches(config) else []
    lines += data_code.imports(config, data)
    lines += ["from nets import LOSSES"] if config.loss != "SquaredError" else []
    names = {config.hidden_activation, config.output_activation} - set(FUNCTIONS)
    return lines + (["from nets import ACTIVATIONS"] if names else [])


def _first_numbers(config: Config, data: Data) -> list[str]:
    """Draw everything in the notebook's order: data, weights, biases."""
    names = ("inputs", "targets") if _has_batches(config) else ("x", "y")
    pairs = list(enumerate(itertools.pairwise(config.sizes), start=1))
    way = FIRST_WEIGHTS[config.first_weights]
    weights = [f"w{i} = {way.code_of_weights.format(*fan)}" for i, fan in pairs]
    biases = [f"b{i} = {way.code_of_biases.format(*fan)}" for i, fan in pairs]
    seeded = f"torch.manual_seed({config.seed})"
    return [seeded, *data_code.lines(config, data, *names), *weights, *biases]


def _optimizer(config: Config) -> list[str]:
    """Make an optimiser of torch's own, if one was chosen."""
    optimizer = OPTIMIZERS[config.optimizer]
    if not optimizer.of_torch:
        return []
    names = [f"{kind}{i}" for kind in "wb" for i in range(len(config.sizes) - 1, 0, -1)]
    options = "".join(f", {name}={value}" for name, value in optimizer.options.items())
    made = f"torch.optim.{optimizer.of_torch}([{', '.join(names)}]{options})"
    return [f"optimizer = {made}", ""]


def _rate(config: Config) -> list[str]:
    """Tell an optimiser of torch's own the learning rate."""
    by_hand = not OPTIMIZERS[config.optimizer].of_torch
    return [] if by_hand else ['optimizer.param_groups[0]["lr"] = learning_rate']


def _functions(config: Config) -> list[str]:
    lines: list[str] = []
    for name in dict.fromkeys((config.hidden_activation, config.output_activation)):
        value, slope, of = function_code(name)
        lines += [f"def {name}_activation(z):", f"    return {value}", ""]
        lines += [f"def {name}_delta({of}):", f"    return {slope}", ""] if slope else []
    return lines


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


def _has_batches(config: Config) -> bool:
    return config.batch_size is not None


def _indented(lines: list[str], levels: int) -> list[str]:
    return ["    " * levels + line for line in lines]
