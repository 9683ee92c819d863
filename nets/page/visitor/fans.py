"""Fans: the networks of a sweep as a word of an address, so that F5 brings their chart back."""

from typing import Any, NamedTuple

from nets.analysis.sweep import SETTINGS, Sweep
from nets.config import Config
from nets.data.datasets import OWN_DATA
from nets.data.examples import Data
from nets.page.visitor.kept import ASKED, STORE, Kept, Store
from nets.sharing.link import from_query, most_epochs, recipe_of, to_query
from nets.sharing.packing import PACKED, pack, unpack
from nets.training.recipe import Recipe
from nets.validate import parse_typed_number, require_choice

EPOCHS_KEY, SETTING_KEY = "sweep_epochs", "sweep_setting"
TOO_LONG = (
    "The networks under Compare would take too long to be trained again for a link. Train them "
    "there makes the same ones."
)


class Asked(NamedTuple):
    """What a sweep was made of: see `Sweep.of`."""

    config: Config
    setting: str
    epochs: int
    data: Data | None = None


def ask(state: Any, asked: Asked) -> None:
    """Prepare a sweep; the panel Compare trains it when it is drawn.

    Raises:
        ValueError: if there is no such sweep; says what is wrong.
    """
    store: Store = state.setdefault(STORE, Store())
    store.add(ASKED, Kept(asked, Sweep.of(*asked)))


def write_word(asked: Asked) -> str:
    """Write what a sweep was made of, without own data."""
    recipe = to_query(Recipe(asked.config))
    packed = pack(recipe, always=True)[PACKED]
    return f"{SETTINGS[asked.setting].field}.{asked.epochs}.{packed}"


def obey_word(word: str, own: Data | None, state: Any) -> None:
    """Prepare the sweep of a word that `write_word` has written.

    Args:
        word: of the address.
        own: the own data of the run, which the sweep had too.
        state: of the widgets.

    Raises:
        ValueError: for another word, or if the training would take longer than that of a link may;
            then the panel is ready for the click that trains.
    """
    asked = _read(word, own)
    sweep = Sweep.of(*asked)
    state[SETTING_KEY], state[EPOCHS_KEY] = asked.setting, asked.epochs
    if sum(asked.epochs / most_epochs(config) for config in sweep.configs.values()) > 1:
        raise ValueError(TOO_LONG)
    ask(state, asked)


def _read(word: str, own: Data | None) -> Asked:
    """Read a word."""
    field, epochs, packed, *more = [*word.split("."), "", ""][:4]
    titles = {row.field: title for title, row in SETTINGS.items()}
    require_choice("fan", field, titles)
    words = {PACKED: packed}
    is_own = own is not None and unpack(words).get("data") == OWN_DATA.name
    recipe = recipe_of(unpack(words)) if is_own else from_query(words)
    count: Any = parse_typed_number(epochs) if not any(more) else epochs
    return Asked(recipe.config, titles[field], count, own if is_own else None)
