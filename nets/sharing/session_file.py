"""Session files: a recipe with its own data, and kept runs, as JSON.

A file is checked like any hostile input.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor

from nets.config import Config
from nets.data.datasets import OWN_DATA
from nets.data.encoding import CategoricalColumn, EncodedColumn, Encoding, NumericColumn
from nets.data.examples import Data
from nets.presets import SHOWN_EXAMPLES, SHOWN_INPUTS, SHOWN_OUTPUTS
from nets.sharing.link import recipe_of, words_of
from nets.sharing.observed_file import read_observed, write_observed
from nets.training.observed import observed_run
from nets.training.recipe import MAX_EPOCHS, Epochs, Recipe
from nets.validate import quote

VERSION = 1
MOST_BYTES = 20_000_000  # of a file
MOST_STEPS = 60_000  # of a recipe; all weights of the page's largest network may be set by hand
MOST_LETTERS = 500  # of a name, a class or a note
LARGEST = 1e300  # number of a column
MOST_CLASSES = 1000  # of a column
PAGE, KEPT = "page", "kept"  # what is shown; runs, under these names
OBSERVED = "observed"  # the epochs of a training elsewhere
KEPT_NAMES = ("A", "B", "C", "D")
NAMES = ("input_names", "output_names", "notes")
KINDS: dict[str, type[EncodedColumn]] = {"numbers": NumericColumn, "classes": CategoricalColumn}


class SavedSession(NamedTuple):
    """What a session file holds.

    Attributes:
        recipe: of the run.
        kept: the recipes of kept runs, by their names.
        page: what was shown, as the words of an address, which are not checked yet.
    """

    recipe: Recipe
    kept: Mapping[str, Recipe]
    page: Mapping[str, str]


def to_session_file(
    recipe: Recipe,
    kept: Mapping[str, Recipe] | None = None,
    page: Mapping[str, str] | None = None,
) -> str:
    """Write a recipe as the text of a session file, with its own data if it has any.

    Kept runs are written too, by their names, as many as a file may hold; and what is shown, as
    the words of an address.
    """
    content: dict[str, Any] = {"nets session": VERSION, **_write_run(recipe, None)}
    if page:
        content[PAGE] = {**page}
    text = json.dumps(content)
    for name, one in (kept or {}).items():
        content.setdefault(KEPT, {})[name] = _write_run(one, recipe.data)
        longer = json.dumps(content)
        if len(longer) > MOST_BYTES:
            break
        text = longer
    return text


def from_session_file(text: str) -> SavedSession:
    """Read the text of a session file.

    Raises:
        ValueError: if it is anything else than what `to_session_file` writes of a run that the
            page can show; says what is wrong.
    """
    if len(text) > MOST_BYTES:
        raise ValueError(f"A session file must have at most {MOST_BYTES // 10**6} MB.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("A session file must be JSON, as the page writes it.") from None
    content = _mapping("A session file", content)
    if content.get("nets session") != VERSION:
        raise ValueError(f'A session file must begin with "nets session": {VERSION}.')
    recipe = _read_run(content, None)
    kept = _mapping(KEPT, content.get(KEPT, {}))
    if not {*kept} <= {*KEPT_NAMES}:
        raise ValueError(f"{KEPT} must have runs with the names {', '.join(KEPT_NAMES)}.")
    runs = {name: _read_run(_mapping(name, one), recipe.data) for name, one in kept.items()}
    return SavedSession(recipe, runs, _words(PAGE, content.get(PAGE, {})))


def _write_run(recipe: Recipe, known: Data | None) -> dict[str, Any]:
    """Write a recipe, and its own data unless they are known already."""
    written: dict[str, Any] = {"run": words_of(recipe)}
    if recipe.data is not None and recipe.data is not known:
        written["data"] = _write_data(recipe.data)
    if recipe.observed is not None:
        written[OBSERVED] = write_observed(recipe.observed, recipe.config)
    return written


def _read_run(content: Mapping[str, Any], known: Data | None) -> Recipe:
    """Read a recipe; its own data are the known ones unless it has others."""
    words = _words("run", content.get("run"))
    recipe = recipe_of(words, MOST_STEPS)
    if recipe.epoch > MAX_EPOCHS:
        raise ValueError(f"steps must not train for more than {MAX_EPOCHS} epochs.")
    if recipe.config.data != OWN_DATA.name:
        return recipe
    is_known = known is not None and "data" not in content
    data = known if is_known else _read_data(_mapping("data", content.get("data")))
    recipe = replace(recipe, data=data)
    return _read_observed(recipe, content[OBSERVED]) if OBSERVED in content else recipe


def _read_observed(recipe: Recipe, content: Any) -> Recipe:
    """Add to a recipe the epochs that were noted of a training elsewhere."""
    history = read_observed(_mapping(OBSERVED, content), recipe.config)
    if recipe.events != (Epochs(history.epoch),):
        raise ValueError(f"steps must be the {history.epoch} epochs of an observed run.")
    if recipe.config.optimizer != Config.optimizer or recipe.config.test_fraction:
        raise ValueError("An observed run must have no optimiser of its own and no test data.")
    observed_run(recipe.config, recipe.data, history)  # which checks that all fits
    return replace(recipe, observed=history)


def _write_data(data: Data) -> dict[str, Any]:
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


def _read_data(content: Mapping[str, Any]) -> Data:
    """Read examples.

    Raises:
        ValueError: if they are not examples that the page can show.
    """
    encoding = content.get("encoding")
    names = {name: _texts(name, content.get(name, [])) for name in NAMES}
    data = Data(
        _rows("inputs", content.get("inputs"), SHOWN_INPUTS),
        _rows("targets", content.get("targets"), SHOWN_OUTPUTS),
        task=str(content.get("task")),
        standardised=content.get("standardised") is True,
        encoding=None if encoding is None else _read_encoding(_mapping("encoding", encoding)),
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
    parts = [_list(part, content.get(part), SHOWN_INPUTS) for part in ("inputs", "targets")]
    inputs, targets = (tuple(_read_column(column) for column in part) for part in parts)
    return Encoding(inputs, targets)


def _read_column(content: Any) -> EncodedColumn:
    """Read a column: every field must have the type of its default or of its annotation."""
    given = dict(_mapping("a column", content))
    kind = KINDS.get(str(given.pop("kind", "")))
    if kind is None or set(given) != {field.name for field in fields(kind)}:
        raise ValueError("A column must be of numbers or of classes, as the page writes it.")
    if kind is CategoricalColumn:
        given["classes"] = _texts("classes", given["classes"])
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
    for row in _list(name, rows, SHOWN_EXAMPLES):
        for number in _list(f"a row of {name}", row, most):
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise ValueError(f"{name} must be rows of numbers; got {quote(number)}.")
            if abs(number) > 1e38:
                raise ValueError(f"{name} must be numbers up to 1e38; got {quote(number)}.")
    try:
        return torch.tensor(rows, dtype=torch.float32)
    except ValueError:
        raise ValueError(f"{name} must be rows of the same length.") from None


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be an object of JSON, as the page writes it.")
    return cast(Mapping[str, Any], value)


def _words(name: str, value: Any) -> Mapping[str, str]:
    words = _mapping(name, value)
    if not all(isinstance(one, str) for one in words.values()):
        raise ValueError(f"{name} must have texts only.")
    return words


def _list(name: str, value: Any, most: int) -> Sequence[Any]:
    if not isinstance(value, list) or len(cast(list[Any], value)) > most:
        raise ValueError(f"{name} must be a list of at most {most}.")
    return cast(list[Any], value)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    texts = _list(name, value, MOST_CLASSES)
    if not all(isinstance(text, str) and len(text) <= MOST_LETTERS for text in texts):
        raise ValueError(f"{name} must be texts of at most {MOST_LETTERS} letters.")
    return tuple(texts)
