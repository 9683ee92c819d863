"""Complete rows: those of a table that hold something readable in every column that is used."""

from collections.abc import Collection, Iterator, Sequence

from nets.examples.table import Column, Table, is_missing


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
