"""Pasted weights: first weights as lines of Python, as the page prints them, or as a table.

Nothing is executed: of Python, only lists of numbers are read.
"""

import ast
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from nets.data.textbooks import Textbook
from nets.engine.names import parameter_name
from nets.engine.network import Network, place_of
from nets.sharing.tensor_source import write_matrix
from nets.training.recipe import Parameter
from nets.validate import parse_typed_number, quote

MOST_LETTERS = 600_000  # the largest network of the page has half as many
LONGEST_LINE = 200  # letters, with a title or a name and its number
MOST_DEPTH = 5  # of brackets in brackets
TENSOR = re.compile(r"([wb])([1-9]\d{0,2})", re.ASCII)
TITLE = re.compile(r"\s*([wb][1-9]\d{0,2})\s*:?\s*", re.ASCII)
BY_BOOK = re.compile(r"\s*([^\W\d_]+\d+)\s*[=:]?\s*(\S.*?)\s*")
SINGLE = re.compile(r"\s*([wb]\d+\s*\[[\d, ]+\])\s*[=:]?\s*(\S.*)", re.ASCII)
EXPECTED = (
    "The text must be lines of Python such as w1 = torch.tensor([[0.2, -0.3], [0.4, 0.1]]) or "
    "w1[0, 1] = 0.5, or a table: a line with w1 or b1, and its rows of numbers below."
)


def write_weights(network: Network) -> str:
    """Write all weights and biases as lines of Python that `read_weights` takes."""
    layers = list(enumerate(network.layers, start=1))
    parts = [(f"w{i}", layer.weights) for i, layer in layers]
    parts += [(f"b{i}", layer.biases) for i, layer in layers]
    return "\n".join(f"{name} = " + "\n".join(write_matrix(values)) for name, values in parts)


def read_pasted_weights(
    text: str, sizes: Sequence[int], book: Textbook | None = None
) -> list[Parameter]:
    """Read weights and biases of a network of these sizes; what is not named is left out.

    With a textbook of these sizes its names are read too, such as w14 or θ4.

    Raises:
        ValueError: if the text is neither Python nor a table as described above, or if the network
            has no such weights; names what was wrong and what is allowed.
    """
    if len(text) > MOST_LETTERS:
        raise ValueError(f"The text must have at most {MOST_LETTERS} letters; got {len(text)}.")
    is_python = "=" in text and "[" in text and not _is_all_single(text)
    fits = book is not None and book.sizes == tuple(sizes)
    names: Mapping[str, str] = book.names if book is not None and fits else {}
    given = _read_python(text.replace("−", "-")) if is_python else _read_table(text, names)
    values: dict[str, Parameter] = {}
    for name, number in given:
        for part, value in _in_code(name, number, names):
            for one in _parameters(part, value, sizes):
                values[one.name] = one
    if not values:
        raise ValueError(f"{EXPECTED} Got no number.")
    return [*values.values()]


def _match(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    """Match a line that is not long: these patterns need much time for long ones."""
    return pattern.fullmatch(line) if len(line) <= LONGEST_LINE else None


def _is_all_single(text: str) -> bool:
    """Say whether each line is a name and its number, as people type numbers."""
    matches = [_match(SINGLE, line) for line in text.splitlines() if line.strip()]
    return all(match and not isinstance(parse_typed_number(match[2]), str) for match in matches)


class _Fractions(ast.NodeTransformer):
    """Compute fractions of two numbers, such as 1/3."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Return the number, or what is not a fraction as it is."""
        number = parse_typed_number(ast.unparse(node))
        return node if isinstance(number, str) else ast.Constant(number)


def _read_python(text: str) -> Iterator[tuple[str, Any]]:
    """Read assignments of numbers and of lists of numbers."""
    deepest = max(itertools.accumulate((letter in "[(") - (letter in "])") for letter in text))
    if deepest > MOST_DEPTH:
        raise ValueError(f"{EXPECTED} Got more than {MOST_DEPTH} brackets in each other.")
    try:
        lines = ast.parse(text).body
        for line in lines:
            if not isinstance(line, ast.Assign) or len(line.targets) != 1:
                raise ValueError(f"{EXPECTED} Got {quote(ast.unparse(line))}.")
            yield ast.unparse(line.targets[0]).replace(", ", ","), _literal(line.value)
    except (SyntaxError, MemoryError, RecursionError) as error:
        place = f" in line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise ValueError(f"{EXPECTED} Got something else{place}.") from None


def _literal(value: ast.expr) -> object:
    """Read a number or lists of numbers, perhaps inside a call of tensor."""
    if isinstance(value, ast.Call) and ast.unparse(value.func) in ("torch.tensor", "tensor"):
        if len(value.args) != 1:
            raise ValueError(f"{EXPECTED} Got {quote(ast.unparse(value))}.")
        value = value.args[0]
    try:
        return ast.literal_eval(_Fractions().visit(value))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise ValueError(f"{EXPECTED} Got {quote(ast.unparse(value))}.") from None


def _in_code(name: str, number: Any, names: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Replace a textbook's name of a number by those of the code, with their sign."""
    if name not in names or isinstance(number, list | tuple):
        yield name, number
        return
    for code in names[name].split():
        is_negative = code.startswith("-") and isinstance(number, int | float)
        yield code.lstrip("-").replace(",", ", "), -number if is_negative else number


def _read_table(text: str, names: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Read titles with rows of numbers below, and lines of a name and its number."""
    title, rows = "", list[list[Any]]()
    for line in [*text.splitlines(), "end"]:
        heading, single, by_book = (_match(one, line) for one in (TITLE, SINGLE, BY_BOOK))
        if by_book is not None and by_book[1] in names:
            heading, single = None, by_book
        if heading or single or line == "end":
            if rows:
                yield title, rows
            title, rows = heading[1] if heading else "", []
            if single:
                yield single[1], parse_typed_number(single[2])
        elif line.strip():
            if not title:
                raise ValueError(f"{EXPECTED} Got {quote(line.strip())}.")
            rows.append([parse_typed_number(cell) for cell in _cells(line)])


def _cells(line: str) -> list[str]:
    """Divide a row of a table: at tabs, semicolons or spaces, or else at commas."""
    line = re.sub(r"(?<!\S)([-+−]) (?=[\d.,])", r"\1", line)  # a sign belongs to its number
    for divider in (r"\t", r";", r",?\s+"):
        cells = [cell for cell in re.split(divider, line.strip()) if cell.strip()]
        if len(cells) > 1:
            return cells
    return line.strip().split(",") if line.count(",") > 1 else [line.strip()]


def _parameters(name: str, number: object, sizes: Sequence[int]) -> list[Parameter]:
    """Name every number of a tensor."""
    match = TENSOR.fullmatch(name)
    if match is None:
        name = name.replace(" ", "").replace(",", ", ")
        place_of(name, sizes)
        return [Parameter(name, cast(Any, number))]
    is_bias, layer = match[1] == "b", int(match[2])
    if layer >= len(sizes):
        place_of(f"{name}[0, 0]", sizes)
    rows, columns = (1 if is_bias else sizes[layer - 1]), sizes[layer]
    table = _rows_of(number)
    if len(table) != rows or any(len(row) != columns for row in table):
        raise ValueError(
            f"{name} must be {rows} {'row' if rows == 1 else 'rows'} of {columns} "
            f"{'number' if columns == 1 else 'numbers'} in a network {'-'.join(map(str, sizes))}; "
            f"got {quote(number)}."
        )
    return [
        Parameter(parameter_name(layer, None if is_bias else at, neuron), value)
        for at, row in enumerate(table)
        for neuron, value in enumerate(row)
    ]


def _rows_of(number: object) -> list[list[Any]]:
    """Return rows of numbers; numbers without rows are one row. Anything else has no rows."""
    if not isinstance(number, list | tuple):
        return []
    parts = cast(list[Any], number)
    if not any(isinstance(part, list | tuple) for part in parts):
        return [[*parts]]
    return [[*part] if isinstance(part, list | tuple) else [] for part in parts]
