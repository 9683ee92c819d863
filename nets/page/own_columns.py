"""Own data's columns: which are inputs and which targets, and what was understood of them."""

import streamlit as st

from nets.examples.data import Data
from nets.examples.table import Table
from nets.own import Understood, about, understood
from nets.page.tables import listed
from nets.page_limits import SHOWN_INPUTS, SHOWN_OUTPUTS

SHOWN_ROWS = 5
MANY = SHOWN_INPUTS  # columns, more than which are not all chosen at first
FIRST = 8  # columns that are, then


def show(table: Table) -> Data:
    """Have columns chosen, and say what they become.

    Raises:
        ValueError: if nothing can be learned from these columns.
    """
    if len(table.names) < 2:
        raise ValueError(f"{' '.join(table.notes)} At least two are needed: an input and a target.")
    inputs, targets, classes = _chosen(table)
    found = understood(
        table,
        inputs,
        targets,
        classes,
        most_inputs=SHOWN_INPUTS,
        most_outputs=SHOWN_OUTPUTS,
    )
    with st.container(key="own_preview"):
        _preview(table, found)
    return found.data


def _chosen(table: Table) -> tuple[list[str], list[str], list[str]]:
    """Lists of inputs, of targets, and of the numbers among them that are classes."""
    *others, last = table.names
    key = hash(table.names)  # other columns are another choice
    left, right = st.columns(2)
    inputs = left.multiselect(
        "Inputs: predict from",
        table.names,
        default=others if len(others) <= MANY else others[:FIRST],
        key=f"own_inputs_{key}",
    )
    targets = right.multiselect(
        "Targets: to predict", table.names, default=[last], key=f"own_targets_{key}"
    )
    numbers = [name for name in (*targets, *inputs) if table.column(name).is_number]
    classes = st.multiselect(
        "Numbers that name classes",
        numbers,
        default=[name for name in numbers if name in targets and table.column(name).likely_classes],
        key=f"own_classes_{key}_{hash(tuple(targets))}_{hash(tuple(numbers))}",
        help="As for 0 and 1, or digits: what is not more or less, but one thing or another.",
    )
    return inputs, targets, classes


def _preview(table: Table, found: Understood) -> None:
    """How many examples there are, what there is to say, and each column that is used."""
    sizes = f"{len(found.data.input_names)} inputs, {len(found.data.output_names)} outputs"
    st.markdown(f"**{len(found.data):,} examples, {sizes.replace('1 inputs', '1 input')}**")
    notes = [*table.notes, *found.notes]
    if len(table.names) > MANY + 1:
        notes.insert(0, f"There are {len(table.names)} columns; the first {FIRST} were chosen.")
    if notes:
        st.info(" ".join(notes))
    parts = [("input", part) for part in found.coding.inputs]
    parts += [("target", part) for part in found.coding.targets]
    rows = [
        {
            "column": part.name,
            "is": kind,
            "read as": about(part),
            "first cells": listed(table.column(part.name).cells[:SHOWN_ROWS], SHOWN_ROWS),
        }
        for kind, part in parts
    ]
    st.dataframe(rows, hide_index=True, height=min(36 * len(rows) + 38, 220))
