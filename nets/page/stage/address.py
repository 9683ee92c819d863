"""The address: the run and what is shown of it, as the words of a query string, and back.

The server never writes the address itself: Streamlit would add an entry to the browser's history.
It tells the stage's script, which changes the address in place. While the run plays, the script
counts the epochs itself: `more` are those after the recipe, and `play` says that it plays.
"""

import re
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from nets.explain.phases import Walkthrough
from nets.figures.colours import LOWEST_SCALE, MAX_SCALE, round_scale
from nets.figures.diagram_style import COLOURINGS
from nets.page.stage import player
from nets.page.visitor.baselines import read_word, write_word
from nets.page.visitor.kept import ASKED, STORE
from nets.page.visitor.remembered import OWN, VISIT, word_of, word_of_visit
from nets.page.visitor.session import Session
from nets.page.visitor.time_travel import go_to
from nets.page.visitor.view_options import ViewOptions
from nets.sharing.link import MAX_LINKED_STEPS, parse_number, to_query
from nets.sharing.packing import MOST_LETTERS, length
from nets.training.recipe import Epochs, Recipe
from nets.validate import quote, require_number, require_whole

FIRST_PANEL = "Inspect"
USUAL: dict[str, Any] = {"panel": FIRST_PANEL, "speed": player.USUAL_SPEED}
PICTURES = {"map": "map", "neurons": "in_neurons", "classes": "as_classes"}  # word → ViewOptions
SWITCHES = {"log": "log_loss", "compare": "compare"}  # word → key of a widget
NOTHING = "plain"  # the word for no picture and no switch
PLAY, KEPT, SCALE, FAN = "play", "kept", "scale", "fan"
AT, PHASE = "at", "phase"  # an earlier epoch; how many phases of the epoch after the last one


class Address(NamedTuple):
    """What the stage's script writes into the address.

    Attributes:
        query: the query string of a recipe and of what is shown.
        epoch: the last epoch of the recipe; later ones are added as `more`.
    """

    query: str
    epoch: int


def address_of(session: Session, state: Mapping[Any, Any]) -> Address:
    """Write the address. While it plays, the epochs that the browser may not show yet are left out.

    The steps of a recipe that is too long for an address are left out; the server has them.
    """
    recipe = session.whole.recipe
    if session.playing and recipe.events and isinstance(recipe.events[-1], Epochs):
        recipe = Recipe(recipe.config, recipe.events[:-1], recipe.data)
    words, is_whole = _words_of(recipe)
    words |= page_words(session, state) | ({} if is_whole else {VISIT: word_of_visit(session)})
    if recipe.data is not None:
        words[OWN] = word_of(recipe.data, recipe.observed)
    kept = {KEPT: write_word(session.baselines)} if session.baselines else {}
    for more in (kept, fan_word(session, state)):
        if length(words | more) <= MOST_LETTERS:
            words |= more
    return Address(urlencode(words), recipe.epoch)


def _words_of(recipe: Recipe) -> tuple[dict[str, str], bool]:
    """Write a recipe, or only its settings if it is too long; say whether it is written whole."""
    if len(recipe.events) <= MAX_LINKED_STEPS:
        words = to_query(recipe)
        if length(words) <= MOST_LETTERS:
            return words, True
    return to_query(Recipe(recipe.config)), False


def fan_word(session: Session, state: Mapping[Any, Any]) -> dict[str, str]:
    """Write what the last sweep was made of, unless it had other own data than the run."""
    asked = state[STORE].get(ASKED) if STORE in state else None
    if not asked or asked[-1].of.data not in (None, session.recipe.data):
        return {}
    return {FAN: _fans().write_word(asked[-1].of)}


def what_a_link_lacks(session: Session, state: Mapping[Any, Any]) -> str:
    """Say in sentences what of all that is on the page a link does not carry; "" if nothing."""
    recipe, baselines = session.whole.recipe, session.baselines
    carried, lacking = dict(parse_qsl(address_of(session, state).query)), list[str]()
    if recipe.data is not None:
        lacking.append("A link does not carry your own data.")
    if VISIT in carried:
        lacking.append(
            "The run has too many changes or weights set by hand for a link, which has only its "
            "settings."
        )
    if baselines and (KEPT not in carried or any(one.word is None for one in baselines)):
        lacking.append("A link does not carry all of your kept runs.")
    if fan_word(session, state) and FAN not in carried:
        lacking.append("This link has no room for the networks under Compare.")
    return " ".join([*lacking, "A session file has everything."] if lacking else [])


def page_words(session: Session, state: Mapping[Any, Any]) -> dict[str, str]:
    """Write what is shown, where it is not as usual."""
    words = {
        name: slug(state[name])
        for name, usual in USUAL.items()
        if (state.get(name) or usual) != usual
    }
    view, usual = session.view, ViewOptions.suiting(session.run)
    on = [word for word, name in PICTURES.items() if getattr(view, name)]
    switched = [word for word, key in SWITCHES.items() if state.get(key)]
    if state.get("colour_by", COLOURINGS[0]) != COLOURINGS[0]:
        switched.append(slug(state["colour_by"]))
    if view != usual or switched:
        words["view"] = " ".join([*on, *switched]) or NOTHING
    if session.scale != round_scale(session.run.history.parameters[0]):
        words[SCALE] = f"{session.scale:g}"
    if session.latest is not None:
        words[AT] = str(session.run.epoch)
    elif session.walk is not None:
        words[PHASE] = str(session.walk.shown)
    return words


def slug(title: str) -> str:
    """Write a title as a word of an address: "Four steps" is four-steps."""
    return re.sub(r"\W+", "-", title.lower()).strip("-")


def obey_page_words(
    words: Mapping[str, str], session: Session, state: Any, panels: Collection[str]
) -> list[str]:
    """Show what an address asks for; say in a sentence what is wrong with a word."""
    sentences: list[str] = []
    for name, titles in (("panel", panels), ("speed", player.SPEEDS)):
        if name in words:
            known = {slug(title): title for title in titles}
            if words[name] in known:
                state[name] = known[words[name]]
            else:
                sentences.append(_wrong(name, words[name], known))
    for name, obey in OBEYED.items():
        if name in words:
            try:
                obey(words[name], session, state)
            except ValueError as error:
                sentences.append(str(error))
    if "view" in words:
        sentences += _obey_view(words["view"].split(), session, state)
    return sentences


def _obey_view(asked: list[str], session: Session, state: Any) -> list[str]:
    colours = {slug(title): title for title in COLOURINGS}
    known = [*PICTURES, *SWITCHES, *colours, NOTHING]
    session.view = ViewOptions(**{name: word in asked for word, name in PICTURES.items()})
    for word, key in SWITCHES.items():
        state[key] = word in asked
    for word in asked:
        if word in colours:
            state["colour_by"] = colours[word]
    return [_wrong("view", word, known) for word in asked if word not in known][:1]


def _take_kept_runs(word: str, session: Session, _: Any) -> None:
    session.baselines = read_word(word)


def _take_scale(word: str, session: Session, _: Any) -> None:
    """Take the end of the scale of colours and widths."""
    session.scale = require_number(SCALE, parse_number(word), LOWEST_SCALE, MAX_SCALE)


def _show_epoch(word: str, session: Session, _: Any) -> None:
    """Show an epoch of the run, at once or after its training."""
    go_to(session, (_read_whole(AT, word, 0, _last_epoch(session)), 0))


def _show_phase(word: str, session: Session, _: Any) -> None:
    """Show some phases, at once or after the training."""
    last = _last_epoch(session)
    most = Walkthrough(session.run).phase_count - (last == 0)  # the last one leads to an epoch
    go_to(session, (last, _read_whole(PHASE, word, 1, most)))


def _last_epoch(session: Session) -> int:
    return session.progress[1] if session.pending else session.whole.run.epoch


def _read_whole(name: str, word: str, low: int, high: int) -> int:
    """Read a whole number in these limits."""
    number: Any = parse_number(word)
    require_whole(name, number, low, high)
    return number


def _train_fan(word: str, session: Session, state: Any) -> None:
    _fans().obey_word(word, session.recipe.data, state)


def _fans() -> Any:
    """Import what no page needs before its first sweep."""
    return import_module("nets.page.visitor.fans")


# What obeys a word. The words come in this order: a phase is shown instead of an earlier epoch.
OBEYED: dict[str, Callable[[str, Session, Any], None]] = {
    KEPT: _take_kept_runs,
    FAN: _train_fan,
    SCALE: _take_scale,
    AT: _show_epoch,
    PHASE: _show_phase,
}


def _wrong(name: str, value: str, known: Collection[str]) -> str:
    return f"{name} must be one of {', '.join(known)}; got {quote(value)}."
