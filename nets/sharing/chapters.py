"""Chapters: a run as text and code to read from top to bottom, for the notebook and the script."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import NamedTuple

import torch

from nets.config import Config
from nets.data.datasets import ALL_DATASETS
from nets.explain.notebook_code import align_comments, write_phase
from nets.explain.phases import Phase, phases
from nets.sharing import source
from nets.sharing.tensor_source import write_number, write_tensor
from nets.training.observed import LOOK_ONLY
from nets.training.recipe import Event, Parameter, Recipe, replay
from nets.training.run import Run

TOLERANCE = 1e-6
CHART = """\
try:
    import matplotlib.pyplot as plt
except ImportError:  # without matplotlib the chart is text
    for shown in range(0, len(losses), max(1, len(losses) // 20)):
        bar = "#" * round(50 * losses[shown] / (max(losses) or 1))
        print(f"epoch {shown:6}  loss {losses[shown]:<12.6g} {bar}")
else:
    plt.plot(losses, label="training")
    if test_losses:
        plt.plot(test_losses, label="test")
    plt.xlabel("epoch")
    plt.ylabel("loss per example")
    plt.legend()
    plt.show()
print(f"loss at epoch {epoch}: {losses[-1]:.6g}")
"""
COMPARE = """\
differences = {}
for name, here, there in page:
    share = (here - there).abs() / there.abs().clamp(min=1)  # relative to numbers above 1
    differences[name] = share.max().item()
    print(f"{name:5} largest difference from the page: {differences[name]:.2g}")
largest = max(differences.values())
if largest == 0:
    print("All numbers are those of the page, to the last bit.")
elif largest <= TOLERANCE:
    print("All numbers are those of the page, within rounding.")
else:
    print("The differences are larger than TOLERANCE. The page used torch VERSION.")
    print(f"This is torch {torch.__version__}. Versions and processors round differently, and")
    print("long training makes a small difference grow.")
"""


class Cell(NamedTuple):
    """Some lines of code; `is_step` if a notebook takes a single step with them."""

    lines: Sequence[str]
    is_step: bool = False


class Chapter(NamedTuple):
    """A text in Markdown, and the code after it."""

    text: str
    cells: list[Cell]


def write_chapters(recipe: Recipe, run: Run | None = None) -> list[Chapter]:
    """Write a run as chapters, from the data to the comparison with the page's numbers.

    Args:
        recipe: of the run.
        run: what `replay(recipe)` gives, where it is known already.

    Raises:
        ValueError: if the run was trained elsewhere.
    """
    if recipe.observed is not None:
        raise ValueError(LOOK_ONLY)
    run = replay(recipe) if run is None else run
    rest = [
        _data(run),
        _first_weights(run.config),
        *(_step(run, step) for step in source.TITLES),
        _training(run, recipe),
        Chapter("## The loss", [Cell(CHART.splitlines())]),
        _comparison(run),
    ]
    lines = [line for chapter in rest for cell in chapter.cells for line in cell.lines]
    measured = any("sklearn" in line for line in lines)
    return [_title(run, measured=measured), Chapter("", [Cell(source.write_imports(lines))]), *rest]


def _title(run: Run, *, measured: bool) -> Chapter:
    config, count = run.config, len(run.data)
    sizes = "-".join(map(str, config.sizes))
    needed = "torch and, for the data, scikit-learn" if measured else "torch alone"
    text = (
        f"# A {sizes} network, trained by hand\n\n"
        "The four steps of this network, with PyTorch's tensors and without automatic gradients. "
        f"It needs {needed}; matplotlib, if it is installed, draws the chart. The last part "
        "compares the numbers with those of the page.\n\n"
        f"- Data: {ALL_DATASETS[config.data].title}; number of examples for "
        f"training: {count}\n"
        f"- Settings: {_settings(config)}"
    )
    return Chapter(text, [])


def _settings(config: Config) -> str:
    """Write the settings that are not the notebook's."""
    pairs = [(field.name, getattr(config, field.name), field.default) for field in fields(Config)]
    changed = [f"`{name}={value!r}`" for name, value, usual in pairs if value != usual]
    return ", ".join(changed) or "those of the notebook"


def _data(run: Run) -> Chapter:
    return Chapter(
        "## Data\n\nInputs `x` and targets `y`.", [Cell(source.write_data(run, test=True))]
    )


def _first_weights(config: Config) -> Chapter:
    kept = f"first = [{', '.join(f'{name}.clone()' for name in source.parameter_names(config))}]"
    return Chapter(
        "## First weights and biases\n\n"
        "Row i and column j of `w1` hold the weight from input i to neuron j.",
        [Cell(source.write_first_weights(config)), Cell([kept], is_step=True)],
    )


def _step(run: Run, step: str) -> Chapter:
    """Write one of the four steps: what it needs, then its lines for the first update."""
    config, before = run.config, list[Cell]()
    lines = _lines_of(run, lambda phase: phase.step == step)
    match step:
        case "forward":
            before = [Cell(source.define_activations(config))]
            lines = [*source.take_batch(run, 1), *lines]
        case "backward":
            before = [Cell(source.define_slopes(config))]
        case "update":
            begun = [*source.begin_training(config), *source.set_rate(config)]
            before = [Cell(begun, is_step=True)]
        case _:
            pass
    number = list(source.TITLES).index(step) + 1
    text = f"## Step {number}. {source.TITLES[step]}\n\n{STEPS[step]}"
    return Chapter(text, [*before, Cell(lines, is_step=True)])


STEPS = {
    "forward": "Layer by layer: z = input · weight + bias, then a = activation(z).",
    "loss": "`loss` is the error of each output, the way in which it should move: for a squared "
    "error y − output, otherwise minus the derivative of the loss.",
    "backward": "The chain rule passes the error back, from the last layer to the first.",
    "update": "Each weight and bias moves a little, by the learning rate times its change.",
}


def _lines_of(run: Run, chosen: Callable[[Phase], bool]) -> list[str]:
    """Write the lines of the phases that are chosen, with the shapes of their results."""
    size = run.config.batch_size if source.has_batches(run) else None
    count, every = size or len(run.data), phases(len(run.config.sizes) - 1)
    rows = (write_phase(run.config, phase, count) for phase in every if chosen(phase))
    return align_comments(list(itertools.chain.from_iterable(rows))).splitlines()


def _training(run: Run, recipe: Recipe) -> Chapter:
    """Write the training: the four steps again and again, from the first weights on."""
    config, (x, y) = run.config, ("inputs", "targets") if source.has_batches(run) else ("x", "y")
    measured, tested = [("losses", f"loss_of({x}, {y})")], ["test_losses = []"]
    if run.test is not None:
        measured.append(("test_losses", "loss_of(x_test, y_test)"))
        tested = ["test_losses = [loss_of(x_test, y_test)]"]
    measures = [f"{name}.append({loss})" for name, loss in measured]
    again_measured = [f"{name}[-1] = {loss}" for name, loss in measured]
    again = f"{', '.join(source.parameter_names(config))} = [each.clone() for each in first]"
    return Chapter(
        "## Training\n\nThe four steps again and again, from the first weights to the epoch that "
        "the page shows. `losses` has the loss after every epoch, with that of epoch 0 first.",
        [
            Cell(source.define_loss(config)),
            Cell(source.define_training(run, measures)),
            Cell([again], is_step=True),
            Cell(
                [
                    *source.begin_training(config),
                    f"losses = [loss_of({x}, {y})]",
                    *tested,
                    *_write_events(recipe.events, again_measured),
                ]
            ),
        ],
    )


def _write_events(events: Iterable[Event], measures: list[str]) -> list[str]:
    """Write the lines that do what events do; after a weight is set the loss is measured again."""
    lines: list[str] = []
    for kind, group in itertools.groupby(events, type):
        lines += [*map(source.write_event, group), *(measures if kind is Parameter else [])]
    return lines


def _comparison(run: Run) -> Chapter:
    """Write the page's numbers and the lines that compare this program's with them."""
    layers = list(enumerate(run.network.layers, start=1))
    numbers = {f"w{i}": layer.weights for i, layer in layers}
    numbers |= {f"b{i}": layer.biases for i, layer in layers}
    listed: list[str] = []
    for name, values in numbers.items():
        first, *more = write_tensor(values)
        listed += source.indent([f'("{name}", {name}, {first}', *more])
        listed[-1] += "),"
    loss = f'("loss", torch.tensor(losses[-1]), torch.tensor({write_number(run.loss)})),'
    compare = COMPARE.replace("TOLERANCE", f"{TOLERANCE:g}").replace("VERSION", torch.__version__)
    return Chapter(
        "## The page's numbers\n\n"
        f"What the page has at epoch {run.epoch}, and how far the numbers above are from it.",
        [
            Cell(
                [
                    "page = [",
                    *listed,
                    f"    {loss}",
                    "]",
                    *compare.splitlines(),
                ]
            )
        ],
    )
