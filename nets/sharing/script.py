"""Script: a program in the notebook's style that computes the numbers of a walkthrough.

It needs torch alone; for measured data scikit-learn too, and for a large file of your own this
package.
"""

import itertools
from typing import Any, cast

from nets.config import Config
from nets.data.datasets import ALL_DATASETS, OWN_DATA
from nets.data.encoding import CategoricalColumn, NumericColumn
from nets.data.examples import CLASSES, Data, labels_of
from nets.data.features import FEATURES
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.update import OPTIMIZERS
from nets.explain.notebook_code import align_comments, find_activation, write_phase
from nets.explain.phases import Walkthrough, phases
from nets.training.run import Run

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
    drawn = _draw_numbers(run)
    lines = [
        *_write_imports(config, run.data, drawn),
        "",
        *_define_stream(config),
        *drawn,
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


def _write_imports(config: Config, data: Data, drawn: list[str]) -> list[str]:
    modules = (["hashlib"] if _has_streams(config) else []) + ["math"] * ("math." in "".join(drawn))
    standard = [f"import {module}" for module in modules] + [""] * bool(modules)
    own = config.data == OWN_DATA.name and not _is_written(data)
    return [*standard, "import torch", *["from nets import read_data"] * own]


def _has_streams(config: Config) -> bool:
    """Check whether something is drawn from a random stream of its own: see `seeds.stream`."""
    return _has_batches(config) or bool(config.test_fraction) or config.data_seed is not None


def _define_stream(config: Config) -> list[str]:
    """Write `seeds.stream` and `batches.order_of`, where they are needed."""
    lines: list[str] = []
    if _has_streams(config):
        lines += [
            "def stream(seed, purpose):",
            '    digest = hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=7).digest()',
            '    return torch.Generator().manual_seed(int.from_bytes(digest, "big"))',
            "",
        ]
    if _has_batches(config):
        lines += [
            "def order_of(examples, epoch, seed):",
            '    return torch.randperm(examples, generator=stream(seed, f"batch/{epoch}"))',
            "",
        ]
    return lines


def _draw_numbers(run: Run) -> list[str]:
    """Write the lines that draw data, weights and biases, in the notebook's order."""
    config = run.config
    pairs = list(enumerate(itertools.pairwise(config.sizes), start=1))
    way = FIRST_WEIGHTS[config.first_weights]
    weights = [f"w{i} = {way.code_of_weights.format(*fan)}" for i, fan in pairs]
    biases = [f"b{i} = {way.code_of_biases.format(*fan)}" for i, fan in pairs]
    batched = ["inputs, targets = x, y"] if _has_batches(config) else []
    seeded = f"torch.manual_seed({config.seed})"
    return [seeded, *_write_data(run), *weights, *biases, *batched]


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


def _write_data(run: Run) -> list[str]:
    """Write the lines that draw, load or list the inputs `x` and the targets `y`."""
    config = run.config
    if config.data == OWN_DATA.name:
        return _write_own_data(run)
    source = ALL_DATASETS[config.data]
    lines = source.notebook.format(
        examples=config.examples,
        noise=config.noise,
        n_input=config.sizes[0],
        n_output=config.sizes[-1],
    ).splitlines()
    if config.data_seed is not None and source.n_examples is None:
        again = f'torch.set_rng_state(stream({config.data_seed}, "data").get_state())'
        lines += ["with torch.random.fork_rng():", *_indent([again, *lines], 1)]
    if config.derived:
        derived = ", ".join(FEATURES[name].notebook for name in config.derived)
        lines.append(f"x = torch.column_stack([x, {derived}])")
    return lines + _hold_out(run)


def _hold_out(run: Run) -> list[str]:
    """Write the lines that leave out the test data, if there are any; see `split`."""
    config, data, test = run.config, run.data, run.test
    if test is None:
        return []
    seed = config.seed if config.data_seed is None else config.data_seed
    lines = [f'order = torch.randperm(len(x), generator=stream({seed}, "test split"))']
    if data.task == CLASSES:
        counts = cast(list[int], cast(Any, labels_of(test.targets).bincount()).tolist())
        labels = "y[:, 0].long()" if data.targets.shape[1] == 1 else "y.argmax(1)"
        lines += [
            f"labels = {labels}[order]",
            f"parts = [order[labels == label][:n] for label, n in enumerate({counts})]",
            "held_out = torch.cat(parts)",
        ]
    else:
        lines.append(f"held_out = order[:{len(test)}]")
    lines += [
        "training = torch.ones(len(x), dtype=torch.bool)",
        "training[held_out] = False",
        "x, y = x[training], y[training]",
    ]
    if data.standardised:
        constant = (data.inputs == data.inputs[0]).all(dim=0).any()
        zero = ".nan_to_num()" if constant else ""
        scaled = f"x = ((x - x.mean(dim=0)) / x.std(dim=0, correction=0)){zero}.float()"
        lines += ["x = x.double()", scaled]
    return lines


def _is_written(data: Data) -> bool:
    """Check whether your own data are listed: they are few, or not from the columns of a file."""
    return (
        data.inputs.numel() + data.targets.numel() <= MAX_WRITTEN_NUMBERS or data.encoding is None
    )


def _write_own_data(run: Run) -> list[str]:
    """Write the numbers of your own training data, or the lines that read them from the file."""
    own = run.data
    if _is_written(own) or own.encoding is None:
        pairs = (("x", own.inputs), ("y", own.targets))
        return [f"{name} = torch.tensor({cast(Any, values).tolist()})" for name, values in pairs]
    inputs, targets = own.encoding.inputs, own.encoding.targets
    chosen = f"inputs={[part.name for part in inputs]}, targets={[part.name for part in targets]}"
    classes = [part.name for part in (*inputs, *targets) if isinstance(part, CategoricalColumn)]
    numbers = [part for part in (*inputs, *targets) if isinstance(part, NumericColumn)]
    scaled = [part.name for part in numbers if part.is_standardised]
    standardise = f", standardise={scaled}" if len(scaled) < len(numbers) else ""
    return [
        "# Your own data are too many numbers to list: this reads your file, with this package.",
        'with open("your file.csv", "rb") as file:',
        f"    data = read_data(file.read(), {chosen}, classes={classes}{standardise})",
        "x, y = data.inputs, data.targets",
        *_hold_out(run),
    ]
