"""Own data: a dialog in which a file is uploaded or a table typed, and its columns are chosen.

The run stays as it is until "Use this data" is clicked. The data stays in the memory of this visit.
"""

from hashlib import blake2b

import streamlit as st

from nets.data.examples import Data
from nets.data.own_data import about, interpret
from nets.data.proposal import ColumnChoice, propose, proposed_classes
from nets.data.reading import make_table, read
from nets.data.table import Table
from nets.page.controls import actions
from nets.page.html.tables import listed
from nets.page.html.text import as_markdown
from nets.page.visitor.events import are_edits
from nets.page.visitor.kept import Kept, NotYet, kept, store, when_large
from nets.page.visitor.session import Session
from nets.presets import SHOWN_INPUTS, SHOWN_OUTPUTS

MEGABYTES = 10  # the largest file
LAST_TABLE = (
    "own_table"  # kept for the visit: the name of the file that was read last, and its table
)
MOST_LETTERS = 2000  # in the names of the columns
WAYS = ("Upload a file", "Type a table")
NAMES = {"detect": None, "names of columns": True, "data": False}


def show(session: Session) -> None:
    """Show the dialog while it is open."""
    if st.session_state.get(actions.OWN_DATA_OPEN):
        _dialog(session)


@st.dialog("Own data", width="large", on_dismiss=lambda: actions.open_own_data(wanted=False))
def _dialog(session: Session) -> None:
    way = st.segmented_control(
        "Where from", WAYS, key="own_way", default=WAYS[0], required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    try:
        table = _file() if way == WAYS[0] else _typed()
        data = None if table is None else choose_columns(table)
    except ValueError as error:
        st.error(as_markdown(f"{error} Nothing was changed."))
        data = None
    except NotYet as wait:
        wait.show()
        data = None
    _use(session, data)


def _use(session: Session, data: Data | None) -> None:
    """Draw the button that starts a run on the data."""
    st.button(
        "Use this data",
        key="use_own",
        type="primary",
        disabled=data is None,
        on_click=actions.use_own,
        args=(session, data),
    )
    st.caption(
        "Your data stays in this visit: it is not saved, nobody else sees it, and a link does not "
        "contain it."
    )


def _file() -> Table | None:
    """Read the uploaded file, or return the table that was read last."""
    left, right = st.columns([3, 1])
    file = left.file_uploader(
        "CSV or Excel file: one example per row",
        key="own_file",
        max_upload_size=MEGABYTES,
    )
    names = right.selectbox("The first row contains", NAMES, key="own_names")
    state = st.session_state
    if file is None:
        for last in store().get(LAST_TABLE, []):
            st.caption(f"From {as_markdown(str(last.of))}, which was uploaded earlier.")
            return last.result
        return None
    sheet, content = state.get(f"own_sheet_{file.file_id}"), file.getvalue()
    table = kept(
        "own_file",
        (blake2b(content).digest(), names, sheet),
        lambda: read(content, names=NAMES[names], sheet=sheet),
        *when_large(content, "Reading the file"),
    )
    store()[LAST_TABLE] = [Kept(file.name, table)]
    if len(table.sheets) > 1:
        right.selectbox("Sheet", table.sheets, key=f"own_sheet_{file.file_id}")
    return table


def _typed() -> Table | None:
    """Draw a field for the names of the columns and an editor for the cells; return the table."""
    import pandas

    names = [name.strip() for name in st.text_input(
        "Column names, separated by commas", "x1, x2, y", MOST_LETTERS, key="own_columns"
    ).split(",")]  # fmt: skip
    names = list(Table.of(names, []).names)
    if len(names) > SHOWN_INPUTS + SHOWN_OUTPUTS:
        raise ValueError(
            f"A typed table can have at most {SHOWN_INPUTS + SHOWN_OUTPUTS} columns; "
            f"got {len(names)}."
        )
    empty = pandas.DataFrame([[""] * len(names)] * 4, columns=names)
    key = f"own_cells_{'|'.join(names)}"
    if key in st.session_state and not are_edits(st.session_state[key], names, len(empty)):
        del st.session_state[key]
    edited = st.data_editor(empty, num_rows="dynamic", key=key, width="stretch", height=210)
    st.caption("Type, or paste from a spreadsheet. The last row, which is empty, adds a row.")
    rows = [[_cell(cell) for cell in row] for row in edited.itertuples(index=False)]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    return make_table(names, rows) if rows else None


def _cell(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


SHOWN_ROWS = 5


def choose_columns(table: Table) -> Data:
    """Draw the lists of columns and a preview; return the data that the chosen columns give.

    Raises:
        ValueError: if nothing can be learned from these columns.
    """
    proposed = propose(table)
    chosen = _chosen(table, proposed)
    inputs, targets, classes, standardise = chosen
    data = kept(
        "own_data",
        (table, chosen),
        lambda: interpret(
            table,
            inputs,
            targets,
            classes,
            standardise=standardise,
            max_inputs=SHOWN_INPUTS,
            max_outputs=SHOWN_OUTPUTS,
        ),
    )
    with st.container(key="own_preview"):
        _preview(table, data, [*data.notes, *proposed.notes])
    return data


def _chosen(
    table: Table, proposed: ColumnChoice
) -> tuple[list[str], list[str], list[str], list[str]]:
    """Draw lists of columns: inputs, targets, numbers that are class labels, and numbers as is.

    Returns:
        The first three, and the numbers that are to be standardised.
    """
    key = hash(table.names)  # other columns are another choice
    left, right = st.columns(2)
    inputs = left.multiselect(
        "Inputs (predict from these)",
        table.names,
        default=proposed.inputs,
        key=f"own_inputs_{key}",
    )
    targets = right.multiselect(
        "Targets (predict these)", table.names, default=proposed.targets, key=f"own_targets_{key}"
    )
    numbers = [name for name in (*targets, *inputs) if table.column(name).is_number]
    left, right = st.columns(2)
    classes = left.multiselect(
        "Numbers that are class labels",
        numbers,
        default=proposed_classes(table, targets),
        key=f"own_classes_{key}_{hash(tuple(targets))}_{hash(tuple(numbers))}",
        help="Columns whose numbers are labels, such as 0/1 or digit names.",
    )
    numbers = [name for name in numbers if name not in classes]
    raw = right.multiselect(
        "Numbers to use as they are",
        numbers,
        key=f"own_raw_{key}_{hash(tuple(numbers))}",
        help="All other numbers are standardised: mean 0, standard deviation 1.",
    )
    return inputs, targets, classes, [name for name in numbers if name not in raw]


def _preview(table: Table, data: Data, notes: list[str]) -> None:
    """Draw how many examples there are, the notes on them, and a row for each column in use."""
    counts = {
        "example": len(data),
        "input": len(data.input_names),
        "output": len(data.output_names),
    }
    shown = (f"{count:,} {what}{'s' * (count != 1)}" for what, count in counts.items())
    st.markdown(f"**{', '.join(shown)}**")
    if notes:
        st.info(as_markdown(" ".join(notes)))
    assert data.encoding is not None
    parts = [("input", part) for part in data.encoding.inputs]
    parts += [("target", part) for part in data.encoding.targets]
    rows = [
        {
            "column": part.name,
            "role": kind,
            "read as": about(part),
            "first values": listed(table.column(part.name).cells[:SHOWN_ROWS], SHOWN_ROWS),
        }
        for kind, part in parts
    ]
    st.dataframe(rows, hide_index=True, height=min(36 * len(rows) + 38, 220))
