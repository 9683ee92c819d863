"""Own data: columns of a table, chosen as inputs and targets, made into examples."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nets.config import MAX_EXAMPLES, MAX_SIZE
from nets.examples.coding import Classes, Coding, Numbers, Part, coded
from nets.examples.complete import complete_rows
from nets.examples.data import CLASSES, NUMBERS, Data
from nets.examples.delimited import read
from nets.examples.table import Table, listed

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
    return Understood(_examples(used, coding), coding, tuple(notes))


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


def _coding(
    table: Table, inputs: Sequence[str], targets: Sequence[str], as_classes: Collection[str]
) -> Coding:
    """Learn of each column what it becomes."""

    def part(name: str, *, target: bool) -> Part:
        column = table.column(name)
        if name not in as_classes:
            return Numbers.standardising(name, column.numbers)
        alone = target and len(targets) == 1
        return Classes.among(name, column.labels, target=target, alone=alone)

    return Coding(
        tuple(part(name, target=False) for name in inputs),
        tuple(part(name, target=True) for name in targets),
    )


def _examples(table: Table, coding: Coding) -> Data:
    """Code every row of a table."""
    match coding.targets:
        case (Classes(),):
            task = CLASSES
        case _:
            task = NUMBERS
    return Data(
        coded(coding.inputs, table).float(),
        coded(coding.targets, table).float(),
        coding.input_names,
        coding.output_names,
        task,
        standardised=all(isinstance(part, Numbers) for part in coding.inputs),
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
