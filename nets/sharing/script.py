"""Script: a whole program in the notebook's manner that comes to a walk's numbers."""

import itertools
from typing import Any, cast

from nets.config import Config
from nets.data.columns import CategoricalColumn
from nets.data.datasets import ALL_DATASETS, OWN_DATA
from nets.data.examples import Data
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.update import OPTIMIZERS
from nets.explain.notebook_code import activation_named, aligned, lines_of_phase
from nets.explain.phases import Walkthrough, phases


def script_of(walk: Walkthrough) -> str:
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


def _until(walk: Walkthrough) -> list[str]:
    """The next epoch, as far as it is revealed."""
    config, every = walk.start.config, phases(len(walk.start.network.layers))
    lines: list[str] = []
    if _has_batches(config):
        order = f"order_of(len(inputs), {walk.start.epoch + 1}, {config.seed})"
        lines.append(f"batches = {order}.split({config.batch_size})")
        if walk.batch:
            lines += [f"for rows in batches[:{walk.batch}]:", *_indented(_one_batch(config), 1)]
        lines.append(f"x, y = inputs[batches[{walk.batch}]], targets[batches[{walk.batch}]]")
    for phase in every[: (walk.shown - 1) % len(every) + 1]:
        lines += aligned(lines_of_phase(config, phase, len(walk.trace.rows))).splitlines()
    return lines


def _imports(config: Config, data: Data) -> list[str]:
    lines = ["from nets.training.batches import order_of"] if _has_batches(config) else []
    lines += data_imports(config, data)
    return lines + (["from nets import LOSSES"] if config.loss != "SquaredError" else [])


def _first_numbers(config: Config, data: Data) -> list[str]:
    """Draw everything in the notebook's order: data, weights, biases."""
    names = ("inputs", "targets") if _has_batches(config) else ("x", "y")
    pairs = list(enumerate(itertools.pairwise(config.sizes), start=1))
    way = FIRST_WEIGHTS[config.first_weights]
    weights = [f"w{i} = {way.code_of_weights.format(*fan)}" for i, fan in pairs]
    biases = [f"b{i} = {way.code_of_biases.format(*fan)}" for i, fan in pairs]
    seeded = f"torch.manual_seed({config.seed})"
    return [seeded, *data_lines(config, data, *names), *weights, *biases]


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
        f = activation_named(name)
        lines += [f"def {name}_activation(z):", f"    return {f.notebook}", ""]
        if f.notebook_slope:
            lines += [f"def {name}_delta({f.slope_of}):", f"    return {f.notebook_slope}", ""]
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


MOST_NUMBERS = 2000  # of own data that are written out


def data_imports(config: Config, data: Data) -> list[str]:
    """Import what the lines need."""
    if config.data == OWN_DATA.name and _is_written(data):
        return []
    needed: list[str] = []
    if config.data == OWN_DATA.name:
        needed.append("from nets.data.own_data import read_data")
    elif not _notebook_expression(config):
        needed.append("from nets.data.datasets import DATASETS")
        needed.append("from nets.data.examples import DataRequest")
    if config.derived:
        needed.append("from nets.data.features import add_features")
    if config.test_fraction or config.data_seed is not None:
        needed.append("from nets.seeds import stream")
    if config.test_fraction:
        needed.append("from nets.data.split import split")
    return needed


def data_lines(config: Config, data: Data, x: str, y: str) -> list[str]:
    """Draw, load or write out inputs and targets, and give them these names."""
    if config.data == OWN_DATA.name:
        return _own_numbers(config, data, x, y)
    if expression := _notebook_expression(config):
        return [
            f"{name} = {expression.format(examples=config.examples, size=size)}"
            for name, size in ((x, config.sizes[0]), (y, config.sizes[-1]))
        ]
    inputs = "data.inputs"
    if config.derived:
        inputs = f"add_features({inputs}, {list(config.derived)})"
    return [*_made(config), f"{x}, {y} = {inputs}, data.targets"]


def _is_written(data: Data) -> bool:
    """Whether own data are few enough to be written out, or were not read from columns."""
    return data.inputs.numel() + data.targets.numel() <= MOST_NUMBERS or data.coding is None


def _own_numbers(config: Config, own: Data, x: str, y: str) -> list[str]:
    """Write out what of own data is trained on, or how they are read from their file."""
    if _is_written(own) or own.coding is None:
        pairs = ((x, own.inputs), (y, own.targets))
        return [f"{name} = torch.tensor({cast(Any, values).tolist()})" for name, values in pairs]
    inputs, targets = own.coding.inputs, own.coding.targets
    chosen = f"inputs={[part.name for part in inputs]}, targets={[part.name for part in targets]}"
    classes = [part.name for part in (*inputs, *targets) if isinstance(part, CategoricalColumn)]
    return [
        "# Own data, too many to write here: from your file.",
        'with open("your file.csv", "rb") as file:',
        f"    data = read_data(file.read(), {chosen}, classes={classes})",
        *_split(config),
        f"{x}, {y} = data.inputs, data.targets",
    ]


def _notebook_expression(config: Config) -> str | None:
    """Return the notebook's expression for inputs and targets, if it draws this data."""
    if config.test_fraction or config.data_seed is not None:
        return None
    return ALL_DATASETS[config.data].notebook


def _made(config: Config) -> list[str]:
    """Make the data as a run does, and keep some aside."""
    wish = f"DataRequest({config.examples}, {config.sizes[0]}, {config.sizes[-1]}, {config.noise})"
    make = f'data = DATASETS["{config.data}"].make({wish}, '
    data_lines = [f"{make}torch.default_generator)"]
    if config.data_seed is not None and ALL_DATASETS[config.data].n_examples is None:
        data_lines += [f'{make}stream({config.data_seed}, "data"))']
    return data_lines + _split(config)


def _split(config: Config) -> list[str]:
    """Keep some data aside, if that is wished."""
    if not config.test_fraction:
        return []
    seed = config.seed if config.data_seed is None else config.data_seed
    drawn = f'stream({seed}, "test split")'
    return [f"data, test = split(data, {config.test_fraction}, {drawn})"]
