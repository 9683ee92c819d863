"""Own data: a file is brought or a table typed, its columns are chosen, and a run begins on them.

Nothing is used before "Use this data": until then the run before goes on. What is brought stays in
the memory of this visit.
"""

import streamlit as st

from nets.data.examples import Data
from nets.data.own_data import Interpretation, about, interpret
from nets.data.reading import read
from nets.data.table import Table
from nets.page.controls import actions, own_data
from nets.page.html.tables import listed
from nets.page.visitor.session import Session
from nets.presets import SHOWN_EXAMPLES, SHOWN_INPUTS, SHOWN_OUTPUTS

MEGABYTES = 10  # of a file
BROUGHT = "own_table"  # the last table that was read, with what it was read from
WAYS = ("A file", "A table to type")
NAMES = {"find out": None, "hold names": True, "are data": False}


def show(session: Session) -> None:
    """Open the box where own data are wanted."""
    if st.session_state.get(actions.BRINGING):
        _box(session)


@st.dialog("Own data", width="large", on_dismiss=lambda: actions.bring(wanted=False))
def _box(session: Session) -> None:
    way = st.segmented_control(
        "Where from", WAYS, key="own_way", default=WAYS[0], required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    try:
        table = _file() if way == WAYS[0] else _typed()
        data = None if table is None else own_data.choose_columns(table)
    except ValueError as error:
        st.error(f"{error} Nothing was changed.")
        data = None
    _use(session, data)


def _use(session: Session, data: Data | None) -> None:
    """Offer to begin a run with what was understood."""
    if st.button("Use this data", key="use_own", type="primary", disabled=data is None):
        assert data is not None
        actions.use_own(session, data)
        st.rerun()
    st.caption(
        "Own data stay in this visit: they are not saved, nobody else sees them, and a link does "
        "not carry them."
    )


def _file() -> Table | None:
    """Read the file that was brought, or take the one that was read last."""
    left, right = st.columns([3, 1])
    file = left.file_uploader(
        "CSV file: columns divided by , ; | or tabs, one example a row",
        key="own_file",
        max_upload_size=MEGABYTES,
    )
    names = right.selectbox("The first row …", NAMES, key="own_names", help="Names or data?")
    state = st.session_state
    if file is None:
        kept = state.get(BROUGHT)
        if kept is not None:
            st.caption(f"From {kept[0][1]}, which was brought before.")
        return kept and kept[1]
    read_from = (file.file_id, file.name, names)
    if state.get(BROUGHT, (None,))[0] != read_from:
        table = read(file.getvalue(), names=NAMES[names], most_rows=SHOWN_EXAMPLES)
        state[BROUGHT] = read_from, table
    return state[BROUGHT][1]


def _typed() -> Table | None:
    """Have a table typed: names of columns above, cells below."""
    import pandas

    names = [name.strip() for name in st.text_input(
        "Names of the columns, divided by commas", "x1, x2, y", key="own_columns"
    ).split(",")]  # fmt: skip
    names = list(Table.of(names, []).names)
    if len(names) > SHOWN_INPUTS + SHOWN_OUTPUTS:
        raise ValueError(
            f"A typed table may have {SHOWN_INPUTS + SHOWN_OUTPUTS} columns at the most; "
            f"got {len(names)}."
        )
    empty = pandas.DataFrame([[""] * len(names)] * 4, columns=names)
    edited = st.data_editor(
        empty, num_rows="dynamic", key=f"own_cells_{'|'.join(names)}", width="stretch", height=210
    )
    st.caption("Type, or paste from a spreadsheet; a row is added below the last one.")
    rows = [[_cell(cell) for cell in row] for row in edited.itertuples(index=False)]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    return Table.of(names, rows, comma=True) if rows else None


def _cell(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


SHOWN_ROWS = 5
MANY = SHOWN_INPUTS  # columns, more than which are not all chosen at first
FIRST = 8  # columns that are, then


def choose_columns(table: Table) -> Data:
    """Have columns chosen, and say what they become.

    Raises:
        ValueError: if nothing can be learned from these columns.
    """
    if len(table.names) < 2:
        raise ValueError(f"{' '.join(table.notes)} At least two are needed: an input and a target.")
    inputs, targets, classes = _chosen(table)
    found = interpret(
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


def _preview(table: Table, found: Interpretation) -> None:
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
