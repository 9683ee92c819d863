"""Script: a program in the notebook's style that computes the numbers of a walkthrough."""

import itertools
from typing import Any, cast

from nets.config import Config
from nets.data.datasets import ALL_DATASETS, OWN_DATA
from nets.data.encoding import CategoricalColumn, NumericColumn
from nets.data.examples import Data
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.update import OPTIMIZERS
from nets.explain.notebook_code import align_comments, find_activation, write_phase
from nets.explain.phases import Walkthrough, phases

MAX_WRITTEN_NUMBERS = 2000  # more numbers of your own data are read from the file


def write_script(walk: Walkthrough) -> str:
    """Write a program that computes the same numbers, from the seed to the phase shown last."""
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
        *_write_imports(config, run.data),
        "",
        *_draw_numbers(config, run.data),
        "",
        *_define_functions(config),
        *_make_optimizer(config),
    ]
    if spans:
        lines += [f"for learning_rate, epochs in [{', '.join(spans)}]:"]
        lines += _indent(_set_rate(config), 1)
        lines += ["    for epoch in epochs:", *_indent(_write_epoch(config, "epoch"), 2)]
    lines += ["", f"learning_rate = {run.learning_rate!r}", *_set_rate(config)]
    if walk.phase is not None:
        lines += _write_shown_phases(walk)
    return "\n".join(lines) + "\n"


def _write_shown_phases(walk: Walkthrough) -> list[str]:
    """Write the phases of the next epoch that have been shown."""
    config, every = walk.start.config, phases(len(walk.start.network.layers))
    lines: list[str] = []
    if _has_batches(config):
        order = f"order_of(len(inputs), {walk.start.epoch + 1}, {config.seed})"
        lines.append(f"batches = {order}.split({config.batch_size})")
        if walk.batch:
            lines += [f"for rows in batches[:{walk.batch}]:", *_indent(_write_batch(config), 1)]
        lines.append(f"x, y = inputs[batches[{walk.batch}]], targets[batches[{walk.batch}]]")
    for phase in every[: (walk.shown - 1) % len(every) + 1]:
        lines += align_comments(write_phase(config, phase, len(walk.trace.rows))).splitlines()
    return lines


def _write_imports(config: Config, data: Data) -> list[str]:
    lines = ["from nets.training.batches import order_of"] if _has_batches(config) else []
    lines += _import_data(config, data)
    return lines + (["from nets import LOSSES"] if config.loss != "SquaredError" else [])


def _draw_numbers(config: Config, data: Data) -> list[str]:
    """Write the lines that draw data, weights and biases, in the notebook's order."""
    names = ("inputs", "targets") if _has_batches(config) else ("x", "y")
    pairs = list(enumerate(itertools.pairwise(config.sizes), start=1))
    way = FIRST_WEIGHTS[config.first_weights]
    weights = [f"w{i} = {way.code_of_weights.format(*fan)}" for i, fan in pairs]
    biases = [f"b{i} = {way.code_of_biases.format(*fan)}" for i, fan in pairs]
    seeded = f"torch.manual_seed({config.seed})"
    return [seeded, *_write_data(config, data, *names), *weights, *biases]


def _make_optimizer(config: Config) -> list[str]:
    """Write the line that makes an optimiser of torch.optim, if the run uses one."""
    optimizer = OPTIMIZERS[config.optimizer]
    if not optimizer.torch_class:
        return []
    names = [f"{kind}{i}" for kind in "wb" for i in range(len(config.sizes) - 1, 0, -1)]
    options = "".join(f", {name}={value}" for name, value in optimizer.options.items())
    made = f"torch.optim.{optimizer.torch_class}([{', '.join(names)}]{options})"
    return [f"optimizer = {made}", ""]


def _set_rate(config: Config) -> list[str]:
    """Write the line that gives an optimiser of torch.optim its learning rate."""
    by_hand = not OPTIMIZERS[config.optimizer].torch_class
    return [] if by_hand else ['optimizer.param_groups[0]["lr"] = learning_rate']


def _define_functions(config: Config) -> list[str]:
    lines: list[str] = []
    for name in dict.fromkeys((config.hidden_activation, config.output_activation)):
        f = find_activation(name)
        lines += [f"def {name}_activation(z):", f"    return {f.notebook}", ""]
        if f.notebook_slope:
            lines += [f"def {name}_delta({f.slope_of}):", f"    return {f.notebook_slope}", ""]
    return lines


def _write_epoch(config: Config, epoch: str) -> list[str]:
    if not _has_batches(config):
        return _write_phases(config)
    order = f"order_of(len(inputs), {epoch}, {config.seed}).split({config.batch_size})"
    return [f"for rows in {order}:", *_indent(_write_batch(config), 1)]


def _write_batch(config: Config) -> list[str]:
    return ["x, y = inputs[rows], targets[rows]", *_write_phases(config)]


def _write_phases(config: Config) -> list[str]:
    every = phases(len(config.sizes) - 1)
    return [line.code for phase in every for line in write_phase(config, phase)]


def _has_batches(config: Config) -> bool:
    return config.batch_size is not None


def _indent(lines: list[str], levels: int) -> list[str]:
    return ["    " * levels + line for line in lines]


def _import_data(config: Config, data: Data) -> list[str]:
    """Write the imports that the lines of the data need."""
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


def _write_data(config: Config, data: Data, x: str, y: str) -> list[str]:
    """Write the lines that draw, load or list the inputs and targets, under these names."""
    if config.data == OWN_DATA.name:
        return _write_own_data(config, data, x, y)
    if expression := _notebook_expression(config):
        return [
            f"{name} = {expression.format(examples=config.examples, size=size)}"
            for name, size in ((x, config.sizes[0]), (y, config.sizes[-1]))
        ]
    inputs = "data.inputs"
    if config.derived:
        inputs = f"add_features({inputs}, {list(config.derived)})"
    return [*_make_data(config), f"{x}, {y} = {inputs}, data.targets"]


def _is_written(data: Data) -> bool:
    """Check whether your own data are listed: they are few, or not from the columns of a file."""
    return (
        data.inputs.numel() + data.targets.numel() <= MAX_WRITTEN_NUMBERS or data.encoding is None
    )


def _write_own_data(config: Config, own: Data, x: str, y: str) -> list[str]:
    """Write the numbers of your own training data, or the lines that read them from the file."""
    if _is_written(own) or own.encoding is None:
        pairs = ((x, own.inputs), (y, own.targets))
        return [f"{name} = torch.tensor({cast(Any, values).tolist()})" for name, values in pairs]
    inputs, targets = own.encoding.inputs, own.encoding.targets
    chosen = f"inputs={[part.name for part in inputs]}, targets={[part.name for part in targets]}"
    classes = [part.name for part in (*inputs, *targets) if isinstance(part, CategoricalColumn)]
    numbers = [part for part in (*inputs, *targets) if isinstance(part, NumericColumn)]
    scaled = [part.name for part in numbers if part.is_standardised]
    standardise = f", standardise={scaled}" if len(scaled) < len(numbers) else ""
    return [
        "# Your own data, too many numbers to list here: read them from your file.",
        'with open("your file.csv", "rb") as file:',
        f"    data = read_data(file.read(), {chosen}, classes={classes}{standardise})",
        *_split(config),
        f"{x}, {y} = data.inputs, data.targets",
    ]


def _notebook_expression(config: Config) -> str | None:
    """Return the notebook's expression for inputs and targets, if it draws this data."""
    if config.test_fraction or config.data_seed is not None:
        return None
    return ALL_DATASETS[config.data].notebook


def _make_data(config: Config) -> list[str]:
    """Write the lines that make the data as a run does, and hold out the test data."""
    request = (
        f"DataRequest({config.examples}, {config.sizes[0]}, {config.sizes[-1]}, {config.noise})"
    )
    make = f'data = DATASETS["{config.data}"].make({request}, '
    lines = [f"{make}torch.default_generator)"]
    if config.data_seed is not None and ALL_DATASETS[config.data].n_examples is None:
        lines += [f'{make}stream({config.data_seed}, "data"))']
    return lines + _split(config)


def _split(config: Config) -> list[str]:
    """Write the line that holds out the test data, if there is any."""
    if not config.test_fraction:
        return []
    seed = config.seed if config.data_seed is None else config.data_seed
    drawn = f'stream({seed}, "test split")'
    return [f"data, test = split(data, {config.test_fraction}, {drawn})"]
