"""Session files: a recipe with its own data, and kept runs, as JSON.

A file is checked like any hostile input.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from nets.config import Config
from nets.data.datasets import OWN_DATA
from nets.data.examples import Data
from nets.sharing.data_file import read_data, write_data
from nets.sharing.json_values import read_mapping, read_words
from nets.sharing.link import recipe_of, words_of
from nets.sharing.observed_file import read_observed, write_observed
from nets.training.observed import observed_run
from nets.training.recipe import MAX_EPOCHS, Epochs, Recipe

VERSION = 1
MOST_BYTES = 20_000_000  # of a file
MOST_STEPS = 60_000  # of a recipe; all weights of the page's largest network may be set by hand
PAGE, KEPT = "page", "kept"  # what is shown; runs, under these names
OBSERVED = "observed"  # the epochs of a training elsewhere
KEPT_NAMES = ("A", "B", "C", "D")


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
    content = read_mapping("A session file", content)
    if content.get("nets session") != VERSION:
        raise ValueError(f'A session file must begin with "nets session": {VERSION}.')
    recipe = _read_run(content, None)
    kept = read_mapping(KEPT, content.get(KEPT, {}))
    if not {*kept} <= {*KEPT_NAMES}:
        raise ValueError(f"{KEPT} must have runs with the names {', '.join(KEPT_NAMES)}.")
    runs = {name: _read_run(read_mapping(name, one), recipe.data) for name, one in kept.items()}
    return SavedSession(recipe, runs, read_words(PAGE, content.get(PAGE, {})))


def _write_run(recipe: Recipe, known: Data | None) -> dict[str, Any]:
    """Write a recipe, and its own data unless they are known already."""
    written: dict[str, Any] = {"run": words_of(recipe)}
    if recipe.data is not None and recipe.data is not known:
        written["data"] = write_data(recipe.data)
    if recipe.observed is not None:
        written[OBSERVED] = write_observed(recipe.observed, recipe.config)
    return written


def _read_run(content: Mapping[str, Any], known: Data | None) -> Recipe:
    """Read a recipe; its own data are the known ones unless it has others."""
    words = read_words("run", content.get("run"))
    recipe = recipe_of(words, MOST_STEPS)
    if recipe.epoch > MAX_EPOCHS:
        raise ValueError(f"steps must not train for more than {MAX_EPOCHS} epochs.")
    if recipe.config.data != OWN_DATA.name:
        return recipe
    is_known = known is not None and "data" not in content
    data = known if is_known else read_data(read_mapping("data", content.get("data")))
    recipe = replace(recipe, data=data)
    return _read_observed(recipe, content[OBSERVED]) if OBSERVED in content else recipe


def _read_observed(recipe: Recipe, content: Any) -> Recipe:
    """Add to a recipe the epochs that were noted of a training elsewhere."""
    history = read_observed(read_mapping(OBSERVED, content), recipe.config)
    if recipe.events != (Epochs(history.epoch),):
        raise ValueError(f"steps must be the {history.epoch} epochs of an observed run.")
    if recipe.config.optimizer != Config.optimizer or recipe.config.test_fraction:
        raise ValueError("An observed run must have no optimiser of its own and no test data.")
    observed_run(recipe.config, recipe.data, history)  # which checks that all fits
    return replace(recipe, observed=history)
