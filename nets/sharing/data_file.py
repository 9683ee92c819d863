"""Own data in a session file: written as JSON, and read like anything that may be hostile."""

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.encoding import CategoricalColumn, EncodedColumn, Encoding, NumericColumn
from nets.data.examples import Data
from nets.presets import SHOWN_EXAMPLES, SHOWN_INPUTS, SHOWN_OUTPUTS
from nets.sharing.json_values import MOST_LETTERS, read_list, read_mapping, read_texts
from nets.validate import quote

LARGEST = 1e300  # number of a column
NAMES = ("input_names", "output_names", "notes")
KINDS: dict[str, type[EncodedColumn]] = {"numbers": NumericColumn, "classes": CategoricalColumn}


def write_data(data: Data) -> dict[str, Any]:
    """Write examples, and how they were encoded."""
    written = {
        "inputs": cast(Any, data.inputs).tolist(),
        "targets": cast(Any, data.targets).tolist(),
        "task": data.task,
        "standardised": data.standardised,
    }
    written |= {name: getattr(data, name) for name in NAMES}
    if data.encoding is not None:
        parts = {"inputs": data.encoding.inputs, "targets": data.encoding.targets}
        written["encoding"] = {
            part: [_write_column(column) for column in columns] for part, columns in parts.items()
        }
    return written


def _write_column(column: EncodedColumn) -> dict[str, Any]:
    kind = next(name for name, known in KINDS.items() if isinstance(column, known))
    return {"kind": kind} | {
        field.name: getattr(column, field.name) for field in fields(KINDS[kind])
    }


def read_data(content: Mapping[str, Any]) -> Data:
    """Read examples.

    Raises:
        ValueError: if they are not examples that the page can show.
    """
    encoding = content.get("encoding")
    names = {name: read_texts(name, content.get(name, [])) for name in NAMES}
    data = Data(
        _rows("inputs", content.get("inputs"), SHOWN_INPUTS),
        _rows("targets", content.get("targets"), SHOWN_OUTPUTS),
        task=str(content.get("task")),
        standardised=content.get("standardised") is True,
        encoding=None if encoding is None else _read_encoding(read_mapping("encoding", encoding)),
        input_names=names["input_names"],
        output_names=names["output_names"],
        notes=names["notes"],
    )
    known = data.encoding
    if known is not None and (known.input_names, known.output_names) != (
        data.input_names,
        data.output_names,
    ):
        raise ValueError("encoding must have the columns of the data.")
    return data


def _read_encoding(content: Mapping[str, Any]) -> Encoding:
    parts = [read_list(part, content.get(part), SHOWN_INPUTS) for part in ("inputs", "targets")]
    inputs, targets = (tuple(_read_column(column) for column in part) for part in parts)
    return Encoding(inputs, targets)


def _read_column(content: Any) -> EncodedColumn:
    """Read a column: every field must have the type of its default or of its annotation."""
    given = dict(read_mapping("a column", content))
    kind = KINDS.get(str(given.pop("kind", "")))
    if kind is None or set(given) != {field.name for field in fields(kind)}:
        raise ValueError("A column must be of numbers or of classes, as the page writes it.")
    if kind is CategoricalColumn:
        given["classes"] = read_texts("classes", given["classes"])
    for field in fields(kind):
        _require_type(
            field.name, given[field.name], getattr(field.type, "__name__", str(field.type))
        )
    if "classes" in given and not (len(given["classes"]) > 1 and all(given["classes"])):
        raise ValueError("classes must be two names or more.")
    return kind(**given)


def _require_type(name: str, value: Any, type: str) -> None:
    """Raise a ValueError unless the value of a column's field has the type of its annotation."""
    match type:
        case "str":
            fits = isinstance(value, str) and len(value) <= MOST_LETTERS
        case "bool":
            fits = isinstance(value, bool)
        case "float":
            fits = isinstance(value, int | float) and not isinstance(value, bool)
            fits = fits and -LARGEST <= value <= (math.inf if name == "spread" else LARGEST)
            fits = fits and (name != "spread" or value > 0)
        case _:
            fits = True
    if not fits:
        raise ValueError(f"{name} of a column must be a {type}; got {quote(value)}.")


def _rows(name: str, rows: Any, most: int) -> Float[Tensor, "N columns"]:
    """Read the rows of a matrix; `Data` checks the rest."""
    for row in read_list(name, rows, SHOWN_EXAMPLES):
        for number in read_list(f"a row of {name}", row, most):
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise ValueError(f"{name} must be rows of numbers; got {quote(number)}.")
            if abs(number) > 1e38:
                raise ValueError(f"{name} must be numbers up to 1e38; got {quote(number)}.")
    try:
        return torch.tensor(rows, dtype=torch.float32)
    except ValueError:
        raise ValueError(f"{name} must be rows of the same length.") from None
