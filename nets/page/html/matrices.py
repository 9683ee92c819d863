"""Matrices: the equations of a phase as HTML."""

from collections.abc import Sequence

from nets.explain.equations import MOST, Equation, Matrix
from nets.explain.matrix_digits import FormattedNumbers
from nets.figures.colours import plain
from nets.page.html.tables import table


def equations_as_html(equations: Sequence[Equation], digits: int) -> str:
    """Write equations; each matrix has its name, its shape, and says what is left out of it."""
    numbers = FormattedNumbers(equations, digits)
    rows = ("".join(_part(part, numbers) for part in each.parts) for each in equations)
    return "".join(f'<div class="side-by-side equation">{row}</div>' for row in rows)


def _part(part: Matrix | str, numbers: FormattedNumbers) -> str:
    if isinstance(part, str):
        return f'<span class="operator">{plain(part)}</span>'
    return f'<div class="matrix">{_matrix(part, numbers)}</div>'


def _matrix(matrix: Matrix, numbers: FormattedNumbers) -> str:
    (rows, columns), shown = matrix.values.shape, matrix.shown
    left_out = max(rows, columns) > MOST
    part = f", its first {len(shown)} × {len(shown[0])}" if left_out else ""
    return table(
        f"{matrix.name} ({rows}, {columns}){part}",
        ["", *(str(column + 1) for column in range(len(shown[0])))],
        [
            (str(row + 1), [numbers.text(matrix.factor(row, k)) for k in range(len(shown[0]))])
            for row in range(len(shown))
        ],
    )
