"""Panel "Data and output": what goes in, what should come out, and what does come out."""

import math

import streamlit as st

from nets.forward import forward
from nets.page.session import Session
from nets.page.tables import number, table
from nets.reach import loss_floor, out_of_reach, range_of
from nets.training import Run

MOST_ROWS = 50
MOST_NAMES = 6


def show(session: Session) -> None:
    """Draw a row an example: inputs x, targets y, outputs ŷ and errors y − ŷ."""
    run = session.run
    if words := about_reach(run):
        st.markdown(words)
    inputs, targets = run.data.inputs[:MOST_ROWS], run.data.targets[:MOST_ROWS]
    output = forward(run.network, inputs).output
    columns = [*run.data.input_names]
    for sign in ("y", "ŷ", "y − ŷ"):
        columns += [f"{sign} {name}".removesuffix(" y1") for name in run.data.output_names]
    values = zip(inputs, targets, output, targets - output, strict=True)
    rows = [
        (str(number), [value for part in parts for value in part.tolist()])
        for number, parts in enumerate(values, start=1)
    ]
    shown = "" if len(run.data) <= MOST_ROWS else f", the first {MOST_ROWS} of {len(run.data)}"
    st.html(table(f"Examples at epoch {run.epoch}{shown}", ["example", *columns], rows))


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
    floor = loss_floor(targets, activation, run.config.loss)
    cost = f" No training goes below a loss of **{number(floor)}**." if floor else ""
    return (
        f"**{len(places)} of {targets.numel()} targets cannot be reached**, because the output of "
        f"{activation} {answers}: {_listed(run, places)}.{cost}"
    )


def _listed(run: Run, places: list[list[int]]) -> str:
    """Name some targets with their values, and count those that are not named."""
    names = [
        f"{run.data.output_names[column]} = {number(run.data.targets[row, column].item())}"
        + (f" in example {row + 1}" if len(run.data) > 1 else "")
        for row, column in places[:MOST_NAMES]
    ]
    more = len(places) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
