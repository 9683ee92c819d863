"""The proposal: which columns of a table are inputs and targets before a person chooses others."""

from collections.abc import Sequence
from dataclasses import dataclass

from nets.data.table import Column, Table, join_names

MANY_COLUMNS, FIRST_COLUMNS = 64, 8  # of a table with more inputs, only the first are proposed
MOST_MISSING, MOST_UNREADABLE = 0.5, 0.2  # of the rows, in a column that is proposed
MANY_NAMES = 0.8  # classes per row; above it a word is only the name of its row
FEW_ROWS = 5  # in which every class may occur once
COUNTER_NAMES = {"", "id", "nr", "no", "no.", "#", "index", "row", "n", "i", "number", "unnamed: 0"}


@dataclass(frozen=True)
class ColumnChoice:
    """Which columns are inputs, which are targets, and which numbers are class labels.

    Attributes:
        inputs, targets, classes: names of columns.
        notes: sentences on the columns that were not chosen.
    """

    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def propose(table: Table) -> ColumnChoice:
    """Choose columns that a person may change: the last is the target, the others are inputs.

    Columns from which nothing can be learned are not chosen if at least two others are left.

    Raises:
        ValueError: if there is only one column.
    """
    if len(table.names) < 2:
        raise ValueError(
            f"{' '.join(table.notes)} At least two columns are needed: an input and a target."
        )
    reasons = {column.name: _reason_against(column) for column in table.columns}
    chosen = [name for name, reason in reasons.items() if not reason]
    if len(chosen) < 2:
        chosen, reasons = list(table.names), {}
    *inputs, target = chosen
    notes = [f"“{name}” is not proposed: it {why}." for name, why in reasons.items() if why]
    counters = [name for name in inputs[:1] if _is_counter(table.column(name))]
    if counters and len(inputs) > 1:
        inputs = inputs[1:]
        notes.append(f"“{counters[0]}” is not proposed: it numbers the rows.")
    if len(inputs) > MANY_COLUMNS:
        inputs = inputs[:FIRST_COLUMNS]
        first = f"the first {FIRST_COLUMNS} are chosen as inputs"
        notes.insert(0, f"There are {len(table.names)} columns; {first}.")
    return ColumnChoice(
        tuple(inputs), (target,), proposed_classes(table, (target,)), tuple(_shorten(notes))
    )


def proposed_classes(table: Table, targets: Sequence[str]) -> tuple[str, ...]:
    """Name the targets whose numbers look like class labels."""
    columns = map(table.column, targets)
    return tuple(column.name for column in columns if column.is_number and column.looks_categorical)


def _reason_against(column: Column) -> str:
    """Say why a column should not be chosen; "" if nothing speaks against it."""
    count, as_classes = len(column.cells), not column.is_number
    if count > 1 and column.is_constant(as_classes=as_classes):
        return "holds only one value"
    if column.missing > MOST_MISSING * count:
        return f"is missing in {column.missing:,} of {count:,} rows"
    if len(column.unreadable) > MOST_UNREADABLE * count:
        wrong = len(column.unreadable)
        example = column.cells[column.unreadable[0]][:30]
        return f"holds no number in {wrong:,} of {count:,} rows, such as “{example}”"
    classes = len(column.classes) if as_classes else 0
    if classes > MANY_NAMES * (count - column.missing) and classes >= FEW_ROWS:
        return f"has another word in almost every row, such as “{column.classes[0][:30]}”"
    return ""


def _is_counter(column: Column) -> bool:
    """Say whether a column only numbers the rows."""
    values = column.reading.values
    name = column.name.lower()
    return (
        column.is_number
        and (name in COUNTER_NAMES or name.startswith("column "))
        and values[0] in (0, 1)
        and all(value == values[0] + place for place, value in enumerate(values))
    )


def _shorten(notes: list[str], most: int = 5) -> list[str]:
    """Keep the first notes, and say how many columns have others."""
    if len(notes) <= most:
        return notes
    names = [note.split("”")[0].removeprefix("“") for note in notes[most:]]
    return [*notes[:most], f"Also not proposed: {join_names(names)}."]
