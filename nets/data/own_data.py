"""Own data: columns of a table, chosen as inputs and targets, become examples."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from nets.data.cells import write_own
from nets.data.encoding import CategoricalColumn, EncodedColumn, Encoding, NumericColumn, encode
from nets.data.examples import CLASSES, MAX_EXAMPLES, MAX_SIZE, NUMBERS, Data
from nets.data.proposal import propose, proposed_classes
from nets.data.reading import read
from nets.data.table import Column, Table, join_names

FEW = 10  # examples; fewer are easily learned by heart


def read_data(
    content: bytes,
    inputs: Sequence[str] | None = None,
    targets: Sequence[str] | None = None,
    classes: Collection[str] = (),
    standardise: bool | Collection[str] = True,
    *,
    header: bool | None = None,
    sheet: str | None = None,
) -> Data:
    """Turn the bytes of a CSV or Excel file into examples; their `notes` say what was done.

    Args:
        content: the file.
        inputs: names of the columns to predict from; None to choose them as the page does.
        targets: names of the columns to predict; None to choose them as the page does, as classes
            where that looks right.
        classes: which columns of numbers are class labels; columns of words always are.
        standardise: whether columns of numbers get mean 0 and standard deviation 1, or are used as
            they are; or the names of the columns that are standardised.
        header: whether the first row holds the names of the columns; None to find out.
        sheet: of an Excel file; None for the first one.

    Raises:
        ValueError: if it is no table, or nothing can be learned from these columns.
    """
    table, notes = read(content, names=header, sheet=sheet), ()
    if inputs is None or targets is None:
        proposed = propose(table)
        if targets is None:
            targets = [name for name in proposed.targets if name not in (inputs or ())]
            classes = {*classes, *proposed_classes(table, targets)}
        if inputs is None:
            every, notes = (*proposed.inputs, *proposed.targets), proposed.notes
            inputs = [name for name in every if name not in targets]
    data = interpret(table, inputs, targets, classes, standardise=standardise)
    return replace(data, notes=(*data.notes, *notes))


def interpret(
    table: Table,
    inputs: Sequence[str],
    targets: Sequence[str],
    classes: Collection[str] = (),
    *,
    standardise: bool | Collection[str] = True,
    max_inputs: int = MAX_SIZE,
    max_outputs: int = MAX_SIZE,
) -> Data:
    """Turn a table into examples; their `notes` say what was done.

    Each class becomes a column, but two classes to predict become one. Rows with an empty cell are
    left out, and so are constant inputs. A single example is used as it is.

    Args:
        table: the table.
        inputs: names of the columns to predict from.
        targets: names of the columns to predict.
        classes: which columns of numbers are class labels; columns of words always are.
        standardise: which columns of numbers get mean 0 and standard deviation 1.
        max_inputs: how many inputs the network may have.
        max_outputs: how many outputs it may have.

    Raises:
        ValueError: if nothing can be learned from these columns; names the column.
    """
    _require_choice(inputs, targets)
    names = list(dict.fromkeys((*inputs, *targets)))
    as_classes = {name for name in names if name in classes or not table.column(name).is_number}
    used, notes = complete_rows(table, names, as_classes)
    if len(used) > MAX_EXAMPLES:
        raise ValueError(f"There may be at most {MAX_EXAMPLES:,} examples; got {len(used):,}.")
    scaled = names if standardise is True else [] if standardise is False else list(standardise)
    if len(used) == 1:
        scaled, constant = [], as_classes & {*targets}
        notes.append("There is one example: its numbers are used as they are.")
    else:
        constant = {
            name for name in names if used.column(name).is_constant(as_classes=name in as_classes)
        }
    _require_variety(used, inputs, targets, constant)
    varied = [name for name in inputs if name not in constant]
    encoding = _fit(used, varied, targets, as_classes, scaled)
    _require_room(encoding, max_inputs, max_outputs)
    notes += [
        f"“{name}” is the same in every row: left out." for name in inputs if name in constant
    ]
    if 1 < len(used) < FEW:
        notes.append(
            f"{len(used)} examples are few: a network soon learns them by heart, which says "
            "nothing about other examples."
        )
    return _examples(used, encoding, (*table.notes, *notes))


def about(column: EncodedColumn) -> str:
    """Say what becomes of a column."""
    if isinstance(column, CategoricalColumn):
        count = len(column.names)
        becomes = f"1 is {column.classes[1]}" if column.single else f"{count} columns of 0 and 1"
        return f"{len(column.classes)} classes: {join_names(column.classes)}; {becomes}"
    parts = (column.low, column.high, column.mean, column.spread)
    low, high, mean, spread = map(write_own, parts)
    scale = f"standardised (mean {mean}, standard deviation {spread})"
    scale = scale if column.is_standardised else "used as they are"
    return f"numbers from {low} to {high}, {scale}"


def _fit(
    table: Table,
    inputs: Sequence[str],
    targets: Sequence[str],
    as_classes: Collection[str],
    scaled: Collection[str],
) -> Encoding:
    """Find out how each column is encoded."""

    def fit(name: str, *, target: bool) -> EncodedColumn:
        column = table.column(name)
        if name not in as_classes:
            form = column.reading.form
            return NumericColumn.fit(name, column.numbers(), standardise=name in scaled, form=form)
        alone = target and len(targets) == 1
        return CategoricalColumn.fit(name, column.labels, target=target, alone=alone)

    return Encoding(
        tuple(fit(name, target=False) for name in inputs),
        tuple(fit(name, target=True) for name in targets),
    )


def _examples(table: Table, encoding: Encoding, notes: tuple[str, ...]) -> Data:
    """Encode every row of a table."""
    match encoding.targets:
        case (CategoricalColumn(),):
            task = CLASSES
        case _:
            task = NUMBERS
    return Data(
        encode(encoding.inputs, table).float(),
        encode(encoding.targets, table).float(),
        encoding.input_names,
        encoding.output_names,
        task,
        standardised=all(
            isinstance(column, NumericColumn) and column.is_standardised
            for column in encoding.inputs
        ),
        encoding=encoding,
        notes=notes,
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
    """Raise a ValueError if all inputs, or one target, have only one value."""
    if all(name in constant for name in inputs):
        raise ValueError("Every input is the same in all rows: there is nothing to predict from.")
    for name in targets:
        if name in constant:
            raise ValueError(
                f"“{name}” is {table.column(name).cells[0]} in every row: there is nothing to "
                "learn. A target needs at least two different values."
            )


def _require_room(encoding: Encoding, max_inputs: int, max_outputs: int) -> None:
    """Raise a ValueError if there are more columns than the network may have."""
    for what, parts, names, most in (
        ("inputs", encoding.inputs, encoding.input_names, max_inputs),
        ("outputs", encoding.targets, encoding.output_names, max_outputs),
    ):
        if len(names) > most:
            largest = max(parts, key=lambda part: len(part.names))
            because = (
                f" “{largest.name}” alone has {len(largest.names):,} classes."
                if len(largest.names) > 2
                else ""
            )
            raise ValueError(
                f"These columns give {len(names):,} {what}; there may be at most {most}."
                f"{because} Choose fewer columns."
            )


def complete_rows(
    table: Table, names: Sequence[str], classes: Collection[str]
) -> tuple[Table, list[str]]:
    """Leave out rows with an empty cell, or a word where a number is needed.

    Args:
        table: all rows.
        names: of the columns that are used.
        classes: those of them that are read as classes; the others are read as numbers.

    Returns:
        The columns of these names in the complete rows, and sentences on the other rows.

    Raises:
        ValueError: if a column does not exist, or no row is complete.
    """
    columns = [table.column(name) for name in names]
    readable = [column.readable(as_classes=column.name in classes) for column in columns]
    rows = [row for row, whole in enumerate(zip(*readable, strict=True)) if all(whole)]
    notes = [note for column in columns for note in _about_gaps(column, column.name in classes)]
    if left := len(table) - len(rows):
        notes.append(f"{left:,} {'row is' if left == 1 else 'rows are'} left out because of that.")
    if not rows:
        raise ValueError(f"No row of {len(table):,} is complete. {' '.join(notes)}".strip())
    return Table(tuple(column.take(rows) for column in columns)), notes


def _about_gaps(column: Column, as_classes: bool) -> Iterator[str]:
    """Say in how many rows a column is empty, or holds a word where a number is needed."""
    count = len(column.cells)
    if column.missing:
        yield f"“{column.name}” is missing in {column.missing:,} of {count:,} rows."
    if column.unreadable and not as_classes:
        row = column.unreadable[0]
        yield (
            f"“{column.name}” holds no number in {len(column.unreadable):,} of {count:,} rows, "
            f"such as “{column.cells[row][:30]}” in row {row + 1}."
        )
