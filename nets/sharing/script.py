"""Script: a program in the notebook's style that computes the numbers of a walkthrough.

It needs torch alone, and scikit-learn too for measured data.
"""

import itertools

from nets.config import Config
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.update import OPTIMIZERS
from nets.explain.notebook_code import align_comments, find_activation, write_phase
from nets.explain.phases import Walkthrough, phases
from nets.sharing.data_source import data_source
from nets.training.run import Run

MODULES = ("base64", "hashlib", "math", "zlib")  # of Python's own, where the lines use them


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
    stream = _define_stream(config, drawn)
    lines = [
        *_write_imports([*stream, *drawn]),
        "",
        *stream,
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


def _write_imports(lines: list[str]) -> list[str]:
    """Write the imports that these lines need."""
    used = [name for name in MODULES if any(f"{name}." in line for line in lines)]
    return [*(f"import {name}" for name in used), *[""] * bool(used), "import torch"]


def _define_stream(config: Config, drawn: list[str]) -> list[str]:
    """Write `seeds.stream` and `batches.order_of`, where they are needed."""
    lines: list[str] = []
    if _has_batches(config) or any("stream(" in line for line in drawn):
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
    return [seeded, *data_source(run), *weights, *biases, *batched]


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
