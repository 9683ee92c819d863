"""Panel "Data and output": what goes in, what should come out, and what does come out."""

import math

import streamlit as st
import torch

from nets.engine.compatibility import lowest_loss, out_of_reach, range_of
from nets.engine.forward import forward
from nets.page.html.tables import listed, number, table
from nets.page.visitor.session import Session
from nets.training.run import Run

MOST_ROWS = 50


def show(session: Session) -> None:
    """Draw a row an example: inputs x, targets y, outputs ŷ, errors y − ŷ and what they cost."""
    run = session.run
    for words in (about_reach(run), about_descent(run)):
        if words:
            st.markdown(words)
    shown = "" if len(run.data) <= MOST_ROWS else f", the first {MOST_ROWS} of {len(run.data)}"
    st.html(table(f"Examples at epoch {run.epoch}{shown}", *_examples(run)))


def _examples(run: Run) -> tuple[list[str], list[tuple[str, list[float]]]]:
    """Name the columns, and number the examples with their values; an error beside its loss."""
    inputs, targets = run.data.inputs[:MOST_ROWS], run.data.targets[:MOST_ROWS]
    output = forward(run.network, inputs).output
    error = targets - output
    signs, last = ["y − ŷ"], [error]
    if run.config.loss == "SquaredError":
        signs, last = [*signs, "½(y − ŷ)²"], [error, error.square() / 2]
    names = [f" {name}".removesuffix(" y1") for name in run.data.output_names]
    columns = [f"{sign}{name}" for sign in ("y", "ŷ") for name in names]
    columns += [f"{sign}{name}" for name in names for sign in signs]
    beside = torch.stack(last, dim=2).flatten(start_dim=1)
    values = torch.cat((inputs, targets, output, beside), dim=1).tolist()
    rows = [(str(number), row) for number, row in enumerate(values, start=1)]
    return ["example", *run.data.input_names, *columns], rows


def about_descent(run: Run) -> str:
    """Say why an update that adds goes downhill, where the loss is the notebook's."""
    if run.config.loss != "SquaredError":
        return ""
    return (
        "Why `+=` goes downhill: the derivative of ½(y − ŷ)² by ŷ is −(y − ŷ), so adding "
        "(y − ŷ) · slope · a · η to a weight moves it against its gradient."
    )


def about_reach(run: Run) -> str:
    """Say which targets the output's activation cannot reach, and what that costs, if any."""
    activation, targets = run.config.output_activation, run.data.targets
    beyond = out_of_reach(targets, activation)
    places: list[list[int]] = beyond.nonzero().tolist()
    if not places:
        return ""
    low, high = range_of(activation)
    answers = (
        f"is never below {low:g}" if high == math.inf else f"lies between {low:g} and {high:g}"
    )
    floor = lowest_loss(targets, activation, run.config.loss)
    cost = f" No training goes below a loss of **{number(floor)}**." if floor else ""
    return (
        f"**{len(places)} of {targets.numel()} targets cannot be reached**, because the output of "
        f"{activation} {answers}: {_listed(run, places)}.{cost}"
    )


def _listed(run: Run, places: list[list[int]]) -> str:
    """Name some targets with their values, and count those that are not named."""
    names = (
        f"{run.data.output_names[column]} = {number(run.data.targets[row, column].item())}"
        + (f" in example {row + 1}" if len(run.data) > 1 else "")
        for row, column in places
    )
    return listed(names, len(places))
