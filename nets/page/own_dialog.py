"""Own data: a file is brought or a table typed, its columns are chosen, and a run begins on them.

Nothing is used before "Use this data": until then the run before goes on. What is brought stays in
the memory of this visit.
"""

import streamlit as st

from nets.examples.data import Data
from nets.examples.delimited import read
from nets.examples.table import Table
from nets.page import choices, own_columns
from nets.page.session import Session
from nets.page_limits import SHOWN_EXAMPLES, SHOWN_INPUTS, SHOWN_OUTPUTS

MEGABYTES = 10  # of a file
BROUGHT = "own_table"  # the last table that was read, with what it was read from
WAYS = ("A file", "A table to type")
NAMES = {"find out": None, "hold names": True, "are data": False}


def show(session: Session) -> None:
    """Open the box where own data are wanted."""
    if st.session_state.get(choices.BRINGING):
        _box(session)


@st.dialog("Own data", width="large", on_dismiss=lambda: choices.bring(wanted=False))
def _box(session: Session) -> None:
    way = st.segmented_control(
        "Where from", WAYS, key="own_way", default=WAYS[0], required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    try:
        table = _file() if way == WAYS[0] else _typed()
        data = None if table is None else own_columns.show(table)
    except ValueError as error:
        st.error(f"{error} The run before goes on.")
        data = None
    _use(session, data)


def _use(session: Session, data: Data | None) -> None:
    """Offer to begin a run with what was understood."""
    if st.button("Use this data", key="use_own", type="primary", disabled=data is None):
        assert data is not None
        choices.use_own(session, data)
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
