"""Tables of numbers as HTML: a screen reader can walk through them, and pandas is not needed."""

import itertools
from collections.abc import Iterable, Sequence

from nets.figures.colours import plain

MOST_NAMES = 6  # in one sentence


def number(value: float) -> str:
    """Write a number as torch prints it, with four decimals, or in scientific notation.

    Small and large numbers, which four decimals would hide or stretch, are written 1.2346e-05.
    """
    plain = value == 0 or 1e-3 <= abs(value) < 1e5
    return (f"{value:.4f}" if plain else f"{value:.4e}").replace("-", "−")


def listed(names: Iterable[str], count: int) -> str:
    """Write the first of `count` names, and how many more there are."""
    more = count - MOST_NAMES
    return ", ".join(itertools.islice(names, MOST_NAMES)) + (f" and {more} more" * (more > 0))


def table(
    caption: str,
    header: Sequence[str],
    rows: Iterable[tuple[str, Sequence[float] | Sequence[float | str]]],
) -> str:
    """Write a table: a caption, names of the columns, and for each row its name and numbers.

    A string is written as it is.
    """
    head = "".join(
        f'<th scope="col">{plain(name)}</th>' if name else "<td></td>" for name in header
    )
    body = "".join(
        f'<tr><th scope="row">{plain(name)}</th>'
        + "".join(f"<td>{_cell(value)}</td>" for value in values)
        + "</tr>"
        for name, values in rows
    )
    return (
        '<div class="scroll" tabindex="0"><table class="numbers">'
        f"<caption><span>{plain(caption)}</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(value: float | str) -> str:
    return plain(value) if isinstance(value, str) else number(value)
