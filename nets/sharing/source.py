"""Source: the pieces of a program that repeats a run, in the notebook's style, with torch alone.

The notebook, the script and the code that the panel Four steps offers are put together from them.
"""

import itertools
from collections.abc import Iterable

from nets.config import Config
from nets.data.datasets import ALL_DATASETS
from nets.data.textbooks import BOOK
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.losses import LOSSES
from nets.engine.network import name_of
from nets.engine.optimizers import OPTIMIZERS, torch_options
from nets.explain.notebook_code import FUSED_CALLS, find_activation, is_fused, write_phase
from nets.explain.phases import Phase, phases
from nets.sharing.data_source import data_source
from nets.sharing.tensor_source import UNPACK
from nets.training.recipe import Epochs, Event, LearningRate, Parameter
from nets.training.run import Run

MODULES = ("base64", "hashlib", "math", "zlib")  # of Python's own, where the lines use them
TITLES = {
    "forward": "Forward propagation",
    "loss": "Loss computation",
    "backward": "Backpropagation",
    "update": "Updating the parameters",
}
STREAM = """\
def stream(seed, purpose):
    digest = hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=7).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest, "big"))

"""
ORDER_OF = """\
def order_of(examples, epoch, seed):
    return torch.randperm(examples, generator=stream(seed, f"batch/{epoch}"))

"""


def write_imports(lines: Iterable[str]) -> list[str]:
    """Write what these lines need before them: imports, one thread as on the page, `unpack`."""
    text = "\n".join(lines)
    unpack = UNPACK if "unpack(" in text else ""
    used = [f"import {name}" for name in MODULES if f"{name}." in text + unpack]
    threads = "torch.set_num_threads(1)  # as on the page, so that sums are rounded in the same way"
    return [*used, *[""] * bool(used), "import torch", "", threads, "", *unpack.splitlines()]


def write_data(run: Run, *, test: bool = False) -> list[str]:
    """Write the lines that seed torch, then draw, load or list the data; see `data_source`."""
    drawn = data_source(run, test=test)
    batched = ["inputs, targets = x, y"] if has_batches(run) else []
    streams = STREAM if has_batches(run) or any("stream(" in line for line in drawn) else ""
    orders = ORDER_OF if has_batches(run) else ""
    seeded = f"torch.manual_seed({run.config.seed})"
    return [*(streams + orders).splitlines(), seeded, *drawn, *batched]


def write_first_weights(config: Config) -> list[str]:
    """Write the lines that draw weights and biases, in the notebook's order."""
    book = ALL_DATASETS[config.data].textbook
    if config.first_weights == BOOK and book is not None:
        layers = list(enumerate(book.layers, start=1))
        listed = [f"w{i} = torch.tensor({[*map(list, rows)]})" for i, (rows, _) in layers]
        return [*listed, *(f"b{i} = torch.tensor([{[*row]}])" for i, (_, row) in layers)]
    pairs = list(enumerate(itertools.pairwise(config.sizes), start=1))
    way = FIRST_WEIGHTS[config.first_weights]
    weights = [f"w{i} = {way.code_of_weights.format(*fan)}" for i, fan in pairs]
    biases = [f"b{i} = {way.code_of_biases.format(*fan)}" for i, fan in pairs]
    return [*weights, *biases]


def parameter_names(config: Config) -> list[str]:
    """Name all weights, then all biases: w1, w2, b1, b2."""
    return [f"{kind}{i}" for kind in "wb" for i in range(1, len(config.sizes))]


def define_activations(config: Config) -> list[str]:
    """Write the activation functions, each once."""
    lines: list[str] = []
    for name in _activations(config):
        f = find_activation(name)
        code = (is_fused(config) and f.fused_code) or f.notebook
        lines += [f"def {name}_activation(z):", f"    return {code}", ""]
    return lines


def define_slopes(config: Config) -> list[str]:
    """Write the derivatives of the activation functions, each once."""
    lines: list[str] = []
    for name in _activations(config):
        f = find_activation(name)
        if f.notebook_slope:
            lines += [f"def {name}_delta({f.slope_of}):", f"    return {f.notebook_slope}", ""]
    return lines


def _activations(config: Config) -> list[str]:
    hidden = [config.hidden_activation] if len(config.sizes) > 2 else []
    return list(dict.fromkeys((*hidden, config.output_activation)))


def make_optimizer(config: Config) -> list[str]:
    """Write the line that makes an optimiser of torch.optim, if the run uses one."""
    optimizer = OPTIMIZERS[config.optimizer]
    if not optimizer.torch_class:
        return []
    names = [f"{kind}{i}" for kind in "wb" for i in range(len(config.sizes) - 1, 0, -1)]
    chosen = torch_options(config.constants)
    options = "".join(f", {name}={value}" for name, value in chosen.items())
    return [f"optimizer = torch.optim.{optimizer.torch_class}([{', '.join(names)}]{options})"]


def set_rate(config: Config) -> list[str]:
    """Write the line that gives an optimiser of torch.optim its learning rate."""
    by_hand = not OPTIMIZERS[config.optimizer].torch_class
    return [] if by_hand else ['optimizer.param_groups[0]["lr"] = learning_rate']


def define_loss(config: Config) -> list[str]:
    """Write the function that measures the loss; the notebook's `loss` is the signed error."""
    steps = [
        line.code
        for phase in phases(len(config.sizes) - 1)
        if phase.step == "forward"
        for line in write_phase(config, phase)
    ]
    value = f"return ({LOSSES[config.loss].notebook_value}).item()"
    title = '"""Measure the loss per example, as the page shows it."""'
    return ["def loss_of(x, y):", *indent([title, *steps, value]), ""]


def define_training(run: Run, measures: Iterable[str] = ()) -> list[str]:
    """Write the function `train`, which takes the four steps for some epochs.

    Args:
        run: at any epoch.
        measures: lines for the end of every epoch.
    """
    config = run.config
    steps, fused = _commented_phases(config), is_fused(config)
    if has_batches(run):
        order = f"order_of(len(inputs), epoch, {config.seed}).split({config.batch_size})"
        taken = "x, y = inputs[rows], targets[rows]"
        taken = "fed1, y = fed[rows], wanted[:, rows].t()" if fused else taken
        steps = [f"for rows in {order}:", *indent([taken, *steps])]
    by_hand = not make_optimizer(config)
    changed = ["epoch", *(parameter_names(config) if by_hand and not fused else [])]
    return [
        *([*FUSED_CALLS.splitlines(), *_lay_out(run), ""] if fused else []),
        "def train(epochs):",
        *indent(
            [
                '"""Take the four steps again and again, for some epochs."""',
                f"global {', '.join(changed)}",
                *set_rate(config),
                *(["rate = torch.tensor(learning_rate)"] if fused and by_hand else []),
                "for epoch in range(epoch + 1, epoch + epochs + 1):",
                *indent([*steps, *measures]),
            ]
        ),
        "",
    ]


def _lay_out(run: Run) -> list[str]:
    """Write the lines that add ones to the inputs, and lay the examples out as on the page."""
    if has_batches(run):
        ones = "torch.cat([inputs, torch.ones(len(inputs), 1)], dim=1)"
        return [f"fed, wanted = {ones}, targets.t().contiguous()"]
    ones = "torch.cat([x, torch.ones(len(x), 1)], dim=1)"
    return [f"fed1, y = {ones}.t().contiguous().t(), y.t().contiguous().t()"]


def _commented_phases(config: Config) -> list[str]:
    """Write the lines of an update, with the name of each of the four steps above its own."""
    lines: list[str] = []
    for step, group in itertools.groupby(phases(len(config.sizes) - 1), lambda phase: phase.step):
        lines.append(f"# {TITLES[step]}")
        lines += [line.code for phase in group for line in write_phase(config, phase, exact=True)]
    return lines


def begin_training(config: Config) -> list[str]:
    """Write the lines before the first epoch."""
    return ["epoch = 0", f"learning_rate = {config.learning_rate!r}", *make_optimizer(config)]


def write_event(event: Event) -> str:
    """Write the line that does what an event does. Only this function knows how."""
    match event:
        case Epochs(count):
            return f"train({count})"
        case LearningRate(value):
            return f"learning_rate = {value!r}"
        case Parameter(name, value):
            # The biases of a layer are the only row of their tensor.
            place = name.replace("[", "[0, ") if name.startswith("b") else name
            return f"{place} = {value!r}"


def events_of(run: Run) -> list[Event]:
    """List the events that lead to a run, from its history."""
    history, begun, events = run.history, 0, list[Event]()
    rates = [(epoch, LearningRate(rate)) for epoch, rate in history.rates]
    values = [
        (one.epoch, Parameter(name_of(one.place, run.network.sizes), one.value))
        for one in history.settings
    ]
    for epoch, event in sorted([*rates, *values], key=lambda pair: pair[0]):
        events += [Epochs(epoch - begun)] if epoch > begun else []
        events += [] if event == LearningRate(run.config.learning_rate) and not epoch else [event]
        begun = epoch
    return events + ([Epochs(run.epoch - begun)] if run.epoch > begun else [])


def has_batches(run: Run) -> bool:
    """Check whether an epoch has several updates; a single batch is not shuffled."""
    size = run.config.batch_size
    return size is not None and size < len(run.data)


def take_batch(run: Run, epoch: int, batch: int = 0) -> list[str]:
    """Write the lines that take the examples of one update, if an epoch has several."""
    if not has_batches(run):
        return []
    config = run.config
    order = f"order_of(len(inputs), {epoch}, {config.seed}).split({config.batch_size})"
    return [f"batches = {order}", f"x, y = inputs[batches[{batch}]], targets[batches[{batch}]]"]


def phase_lines(config: Config, phase: Phase) -> list[str]:
    """Write the lines of one phase, without comments."""
    return [line.code for line in write_phase(config, phase)]


def indent(lines: Iterable[str], levels: int = 1) -> list[str]:
    """Move lines to the right."""
    return ["    " * levels + line if line else line for line in lines]
