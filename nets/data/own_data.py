"""Own data: columns of a table, chosen as inputs and targets, made into examples."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from nets.data.columns import CategoricalColumn, EncodedColumn, Encoding, NumericColumn, coded
from nets.data.examples import CLASSES, MAX_EXAMPLES, MAX_SIZE, NUMBERS, Data
from nets.data.reading import read
from nets.data.table import Column, Table, is_missing, listed

FEW = 10  # examples, fewer than which are easily learned by heart


@dataclass(frozen=True)
class Interpretation:
    """What became of a table: the examples, and sentences on what was done to come to them."""

    data: Data
    coding: Encoding
    notes: tuple[str, ...]


def read_data(
    content: bytes, inputs: Sequence[str], targets: Sequence[str], classes: Collection[str] = ()
) -> Data:
    """Make examples of a CSV file: the columns of these names; those of words are classes anyway.

    Raises:
        ValueError: if it is no table, or nothing can be learned from these columns.
    """
    return interpret(read(content), inputs, targets, classes).data


def interpret(
    table: Table,
    inputs: Sequence[str],
    targets: Sequence[str],
    classes: Collection[str] = (),
    *,
    most_inputs: int = MAX_SIZE,
    most_outputs: int = MAX_SIZE,
) -> Interpretation:
    """Make examples of a table.

    Number columns are standardised. A class is a column of its own, but of two classes to predict
    one says it all. Rows in which something is missing are left out, and constant inputs.

    Args:
        table: the table.
        inputs: names of the columns to predict from.
        targets: names of the columns to predict.
        classes: which columns of numbers are classes; columns of words always are.
        most_inputs: how many inputs the network may have.
        most_outputs: how many outputs it may have.

    Raises:
        ValueError: if nothing can be learned from these columns; names the column.
    """
    _require_choice(inputs, targets)
    names = list(dict.fromkeys((*inputs, *targets)))
    as_classes = {name for name in names if name in classes or not table.column(name).is_number}
    used, notes = complete_rows(table, names, as_classes)
    if len(used) > MAX_EXAMPLES:
        raise ValueError(f"There may be {MAX_EXAMPLES:,} examples at the most; got {len(used):,}.")
    constant = {
        name for name in names if used.column(name).is_constant(as_classes=name in as_classes)
    }
    _require_variety(used, inputs, targets, constant)
    notes += [
        f"“{name}” is the same in every row: left out." for name in inputs if name in constant
    ]
    if len(used) < FEW:
        notes.append(
            f"{len(used)} examples are few: they are soon learned by heart, which says nothing "
            "about others."
        )
    varied = [name for name in inputs if name not in constant]
    coding = _coding(used, varied, targets, as_classes)
    _require_room(coding, most_inputs, most_outputs)
    return Interpretation(_examples(used, coding), coding, tuple(notes))


def about(part: EncodedColumn) -> str:
    """Say what is made of a column."""
    if isinstance(part, CategoricalColumn):
        count = len(part.names)
        becomes = f"1 is {part.classes[1]}" if part.single else f"{count} columns of 0 and 1"
        return f"{len(part.classes)} classes: {listed(part.classes)}; {becomes}"
    return (
        f"numbers from {part.low:g} to {part.high:g}, standardised "
        f"(mean {part.mean:.4g}, standard deviation {part.spread:.4g})"
    )


def _coding(
    table: Table, inputs: Sequence[str], targets: Sequence[str], as_classes: Collection[str]
) -> Encoding:
    """Learn of each column what it becomes."""

    def part(name: str, *, target: bool) -> EncodedColumn:
        column = table.column(name)
        if name not in as_classes:
            return NumericColumn.standardising(name, column.numbers)
        alone = target and len(targets) == 1
        return CategoricalColumn.among(name, column.labels, target=target, alone=alone)

    return Encoding(
        tuple(part(name, target=False) for name in inputs),
        tuple(part(name, target=True) for name in targets),
    )


def _examples(table: Table, coding: Encoding) -> Data:
    """Code every row of a table."""
    match coding.targets:
        case (CategoricalColumn(),):
            task = CLASSES
        case _:
            task = NUMBERS
    return Data(
        coded(coding.inputs, table).float(),
        coded(coding.targets, table).float(),
        coding.input_names,
        coding.output_names,
        task,
        standardised=all(isinstance(part, NumericColumn) for part in coding.inputs),
        coding=coding,
    )


def _require_choice(inputs: Sequence[str], targets: Sequence[str]) -> None:
    if not inputs:
        raise ValueError("Choose at least one column as an input.")
    if not targets:
        raise ValueError("Choose at least one column as a target.")
    both = [name for name in inputs if name in targets]
    if both:
        raise ValueError(f"“{both[0]}” is both an input and a target; choose one of the two.")


def _require_variety(
    table: Table, inputs: Sequence[str], targets: Sequence[str], constant: Collection[str]
) -> None:
    """Raise a ValueError where no input, or not every target, has different values."""
    if all(name in constant for name in inputs):
        raise ValueError("Every input is the same in all rows: there is nothing to predict from.")
    for name in targets:
        if name in constant:
            raise ValueError(
                f"“{name}” is {table.column(name).cells[0]} in all {len(table):,} rows: there is "
                "nothing to learn. A target needs at least two different values."
            )


def _require_room(coding: Encoding, most_inputs: int, most_outputs: int) -> None:
    """Raise a ValueError where there are more columns than the network may have."""
    for what, parts, names, most in (
        ("inputs", coding.inputs, coding.input_names, most_inputs),
        ("outputs", coding.targets, coding.output_names, most_outputs),
    ):
        if len(names) > most:
            largest = max(parts, key=lambda part: len(part.names))
            because = (
                f" “{largest.name}” alone has {len(largest.names):,} classes."
                if len(largest.names) > 2
                else ""
            )
            raise ValueError(
                f"These columns make {len(names):,} {what}; there may be {most} at the "
                f"most.{because} Choose fewer columns."
            )


def complete_rows(
    table: Table, names: Sequence[str], classes: Collection[str]
) -> tuple[Table, list[str]]:
    """Leave out the rows in which something is missing, and say which and why.

    Args:
        table: all rows.
        names: of the columns that are used.
        classes: those of them that are read as classes; the others are read as numbers.

    Returns:
        The columns of these names in the rows that are complete, and sentences on the other rows.

    Raises:
        ValueError: if a column is not there, or no row is complete.
    """
    columns = [table.column(name) for name in names]
    readable = [column.takes(as_classes=column.name in classes) for column in columns]
    rows = [row for row, whole in enumerate(zip(*readable, strict=True)) if all(whole)]
    notes = [note for column in columns for note in _about_gaps(column, column.name in classes)]
    if left := len(table) - len(rows):
        notes.append(f"{left:,} {'row is' if left == 1 else 'rows are'} left out for that.")
    if not rows:
        raise ValueError(f"No row of {len(table):,} is complete. {' '.join(notes)}".strip())
    cells = [[column.cells[row] for column in columns] for row in rows]
    return Table.of(names, cells, comma=any(column.comma for column in columns)), notes


def _about_gaps(column: Column, as_classes: bool) -> Iterator[str]:
    """Say in how many rows a column holds nothing, or no number where one is wanted."""
    count = len(column.cells)
    if missing := sum(map(is_missing, column.cells)):
        yield f"“{column.name}” is missing in {missing:,} of {count:,} rows."
    if as_classes:
        return
    cells = enumerate(zip(column.cells, column.values, strict=True), start=1)
    wrong = [
        (row, cell) for row, (cell, number) in cells if number != number and not is_missing(cell)
    ]
    if wrong:
        row, cell = wrong[0]
        yield (
            f"“{column.name}” holds no number in {len(wrong):,} of {count:,} rows, such as "
            f"“{cell[:30]}” in row {row}."
        )
