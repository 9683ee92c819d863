"""Tables: numbers as HTML that a screen reader can walk through, without waiting for pandas."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

from nets.engine.names import bias_name
from nets.explain.phases import trace_update
from nets.explain.quantities import parameter_of
from nets.page.visitor.selection import Selection
from nets.page.visitor.snapshot import forward_and_back, names_of
from nets.training.advance import Run

MOST_NAMES = 6  # in one sentence


def number(value: float) -> str:
    """Write a number as torch prints it, with four decimals, or in scientific notation.

    Small and large numbers, which four decimals would hide or stretch, are written 1.2346e-05.
    """
    plain = value == 0 or 1e-3 <= abs(value) < 1e5
    return (f"{value:.4f}" if plain else f"{value:.4e}").replace("-", "−")


def listed(names: Iterable[str], count: int) -> str:
    """Write the first of `count` names, and how many are left out."""
    more = count - MOST_NAMES
    return ", ".join(itertools.islice(names, MOST_NAMES)) + (f" and {more} more" * (more > 0))


def table(
    caption: str,
    header: Sequence[str],
    rows: Iterable[tuple[str, Sequence[float] | Sequence[float | str]]],
) -> str:
    """Write a table: a caption, names of the columns, and for each row its name and numbers.

    A word may stand in the place of a number.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{_cell(value)}</td>" for value in values)
        + "</tr>"
        for name, values in rows
    )
    return (
        f'<div class="scroll"><table class="numbers"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(value: float | str) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def tables_of(run: Run, part: Selection) -> str:
    """Write what there is to know of a part."""
    if part.kind != "a":
        return _parameter(run, part)
    return _input(run, part) if part.layer == 0 else _neuron(run, part)


def _parameter(run: Run, part: Selection) -> str:
    """A weight or bias: its value, its gradient, and what an update would change."""
    (_, gradients), names = forward_and_back(run), names_of(run)
    neuron = names[part.layer][part.neuron]
    what = (
        f"bias of {neuron}"
        if part.source is None
        else f"weight from {names[part.layer - 1][part.source]} to {neuron}"
    )
    place = part.layer, part.neuron, part.source
    value = parameter_of(run.network, *place)
    gradient = parameter_of(run.network.with_parameters(gradients.parameters), *place)
    change, how = _change(run, part, gradient)
    rows = [
        ("value", [value]),
        ("gradient, by all examples", [gradient]),
        (f"change by an update with these: {how}", [change]),
        ("value after it", [value + change]),
    ]
    return table(f"{part}: {what}, at epoch {run.epoch}", ["", ""], rows)


def _change(run: Run, part: Selection, gradient: float) -> tuple[float, str]:
    """Return what an update from all examples changes, and how it comes to that."""
    if run.config.optimizer == "GradientDescent":
        return -run.learning_rate * gradient, f"−{run.learning_rate:g} · gradient"
    step = trace_update(replace(run, config=replace(run.config, batch_size=None)))
    before, after = (
        parameter_of(network, part.layer, part.neuron, part.source)
        for network in (step.network, step.after)
    )
    return after - before, f"by {run.config.optimizer}, which remembers those before it"


def _input(run: Run, part: Selection) -> str:
    """An input: its value in the first example."""
    rows = [("input", [run.data.inputs[0, part.neuron].item()])]
    return table(_title(run, part), ["", "value"], rows)


def _neuron(run: Run, part: Selection) -> str:
    """The weighted sum of a neuron for the first example, term by term, and what comes of it."""
    activity, gradients = forward_and_back(run)
    at, neuron = part.layer - 1, part.neuron
    layer, sources = run.network.layers[at], names_of(run)[at]
    fed, weights = activity.inputs[at][0].tolist(), layer.weights[:, neuron].tolist()
    terms = [(name, [a, w, a * w]) for name, a, w in zip(sources, fed, weights, strict=True)]
    ends = {
        f"{bias_name(part.layer, neuron)}, its bias": layer.biases,
        "z, the sum": activity.sums[at],
        f"a = {layer.activation.name}(z)": activity.outputs[at],
        "δ = ∂loss/∂z": gradients.deltas[at],
    }
    sums = [(name, [values[0, neuron].item()]) for name, values in ends.items()]
    tables = (
        table(_title(run, part), ["from", "a", "w", "a · w"], terms),
        table("Σ a · w + b", ["", ""], sums),
    )
    return f'<div class="beside">{"".join(tables)}</div>'


def _title(run: Run, part: Selection) -> str:
    neuron = names_of(run)[part.layer][part.neuron]
    return f"{neuron} at epoch {run.epoch}, first example"
