"""Tables: numbers as HTML that a screen reader can walk through, without waiting for pandas."""

import itertools
from collections.abc import Iterable, Sequence
from html import escape

MOST_NAMES = 6  # in one sentence


def number(value: float) -> str:
    """Write a number as torch prints it, with four decimals, or in scientific notation.

    Small and large numbers, which four decimals would hide or stretch, are written 1.2346e-05.
    """
    plain = value == 0 or 1e-3 <= abs(value) < 1e5
    return (f"{value:.4f}" if plain else f"{value:.4e}").replace("-", "−")


def listed(names: Iterable[str], count: int) -> str:
    """Write the first of `count` names, and how many are left out."""
    more = count - MOST_NAMES
    return ", ".join(itertools.islice(names, MOST_NAMES)) + (f" and {more} more" * (more > 0))


def table(
    caption: str,
    header: Sequence[str],
    rows: Iterable[tuple[str, Sequence[float] | Sequence[float | str]]],
) -> str:
    """Write a table: a caption, names of the columns, and for each row its name and numbers.

    A word may stand in the place of a number.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{_cell(value)}</td>" for value in values)
        + "</tr>"
        for name, values in rows
    )
    return (
        f'<div class="scroll"><table class="numbers"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(value: float | str) -> str:
    return escape(value) if isinstance(value, str) else number(value)
