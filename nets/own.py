"""Own data: columns of a table, chosen as inputs and targets, made into examples."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nets.config import MAX_EXAMPLES, MAX_SIZE
from nets.examples.coding import Classes, Coding, Numbers, Part, coded
from nets.examples.data import CLASSES, NUMBERS, Data
from nets.examples.delimited import read
from nets.examples.table import Column, Table, is_missing, listed

FEW = 10  # examples, fewer than which are easily learned by heart


@dataclass(frozen=True)
class Understood:
    """What became of a table: the examples, and sentences on what was done to come to them."""

    data: Data
    coding: Coding
    notes: tuple[str, ...]


def read_data(
    content: bytes, inputs: Sequence[str], targets: Sequence[str], classes: Collection[str] = ()
) -> Data:
    """Make examples of a CSV file: the columns of these names; those of words are classes anyway.

    Raises:
        ValueError: if it is no table, or nothing can be learned from these columns.
    """
    return understood(read(content), inputs, targets, classes).data


def understood(
    table: Table,
    inputs: Sequence[str],
    targets: Sequence[str],
    classes: Collection[str] = (),
    *,
    most_inputs: int = MAX_SIZE,
    most_outputs: int = MAX_SIZE,
) -> Understood:
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
    columns = {name: table.column(name) for name in (*inputs, *targets)}
    as_classes = {
        name for name, column in columns.items() if name in classes or not column.is_number
    }
    takes = [column.takes(as_classes=name in as_classes) for name, column in columns.items()]
    rows = [row for row, whole in enumerate(zip(*takes, strict=True)) if all(whole)]
    notes = _about_rows(columns.values(), as_classes, len(table), len(rows))
    if not rows:
        raise ValueError(f"No row of {len(table):,} is complete. {' '.join(notes)}".strip())
    if len(rows) > MAX_EXAMPLES:
        raise ValueError(f"There may be {MAX_EXAMPLES:,} examples at the most; got {len(rows):,}.")
    used = Table.of(
        columns,
        [[columns[name].cells[row] for name in columns] for row in rows],
        comma=any(column.comma for column in columns.values()),
    )
    varied = [name for name in inputs if not _is_constant(used.column(name), name in as_classes)]
    notes += [
        f"“{name}” is the same in every row: left out." for name in inputs if name not in varied
    ]
    if not varied:
        raise ValueError("Every input is the same in all rows: there is nothing to predict from.")
    for name in targets:
        if _is_constant(used.column(name), name in as_classes):
            raise ValueError(
                f"“{name}” is {used.column(name).cells[0]} in all {len(rows):,} rows: there is "
                "nothing to learn. A target needs at least two different values."
            )
    if len(rows) < FEW:
        notes.append(
            f"{len(rows)} examples are few: they are soon learned by heart, which says nothing "
            "about others."
        )
    coding = Coding(
        tuple(_part(used.column(name), name in as_classes) for name in varied),
        tuple(
            _part(used.column(name), name in as_classes, target=True, alone=len(targets) == 1)
            for name in targets
        ),
    )
    _require_room(coding, most_inputs, most_outputs)
    data = Data(
        coded(coding.inputs, used).float(),
        coded(coding.targets, used).float(),
        coding.input_names,
        coding.output_names,
        CLASSES if len(targets) == 1 and targets[0] in as_classes else NUMBERS,
        standardised=all(isinstance(part, Numbers) for part in coding.inputs),
        coding=coding,
    )
    return Understood(data, coding, tuple(notes))


def about(part: Part) -> str:
    """Say what is made of a column."""
    if isinstance(part, Classes):
        count = len(part.names)
        becomes = f"1 is {part.classes[1]}" if part.single else f"{count} columns of 0 and 1"
        return f"{len(part.classes)} classes: {listed(part.classes)}; {becomes}"
    return (
        f"numbers from {part.low:g} to {part.high:g}, standardised "
        f"(mean {part.mean:.4g}, standard deviation {part.spread:.4g})"
    )


def _part(column: Column, is_classes: bool, *, target: bool = False, alone: bool = False) -> Part:
    if is_classes:
        return Classes.among(column.name, column.labels, target=target, alone=alone)
    return Numbers.standardising(column.name, column.numbers)


def _is_constant(column: Column, is_classes: bool) -> bool:
    if is_classes:
        return len(column.classes) < 2
    return bool((column.numbers == column.numbers[0]).all())


def _about_rows(
    columns: Collection[Column], as_classes: Collection[str], count: int, complete: int
) -> list[str]:
    """Say how many rows are left out, and for which columns."""
    notes: list[str] = []
    for column in columns:
        missing = sum(map(is_missing, column.cells))
        if missing:
            notes.append(f"“{column.name}” is missing in {missing:,} of {count:,} rows.")
        if column.name not in as_classes:
            wrong = [
                (row, cell)
                for row, (cell, number) in enumerate(
                    zip(column.cells, column.values, strict=True), start=1
                )
                if number != number and not is_missing(cell)
            ]
            if wrong:
                row, cell = wrong[0]
                notes.append(
                    f"“{column.name}” holds no number in {len(wrong):,} of {count:,} rows, such as "
                    f"“{cell[:30]}” in row {row}."
                )
    if complete < count:
        left = count - complete
        notes.append(f"{left:,} {'row is' if left == 1 else 'rows are'} left out for that.")
    return notes


def _require_choice(inputs: Sequence[str], targets: Sequence[str]) -> None:
    if not inputs:
        raise ValueError("Choose at least one column as an input.")
    if not targets:
        raise ValueError("Choose at least one column as a target.")
    both = [name for name in inputs if name in targets]
    if both:
        raise ValueError(f"“{both[0]}” is both an input and a target; choose one of the two.")


def _require_room(coding: Coding, most_inputs: int, most_outputs: int) -> None:
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
