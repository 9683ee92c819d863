"""Lenient reading: of a link with a wrong word, the word is named and the rest is obeyed."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from nets.sharing.link import STEPS, from_query, most_epochs, parse_events
from nets.sharing.packing import MOST_UNPACKED, PACKED, unpack
from nets.training.recipe import Recipe

MOST_WORDS = 40  # of a link that is read


def read_link(words: Mapping[str, str]) -> tuple[Recipe, list[str]]:
    """Read a recipe, and say in a sentence what was wrong with each word that was not obeyed.

    Raises:
        ValueError: if nothing of the link can be obeyed.
    """
    try:
        left = unpack(dict(list(words.items())[:MOST_WORDS]))
    except ValueError as error:
        rest = {name: value for name, value in words.items() if name != PACKED}
        recipe, sentences = read_link(rest) if rest else (from_query({}), [])
        return recipe, [str(error), *sentences]
    sentences = list[str]()
    for dropped in _choices(left):
        try:
            recipe = from_query(
                {name: value for name, value in left.items() if name not in dropped}
            )
        except ValueError:
            continue
        sentences += [_about(left, dropped, name) for name in dropped]
        return _with_the_first_steps(recipe, left) if STEPS in dropped else recipe, sentences
    raise ValueError(_error(left) or "The address asks for nothing that the page knows.")


def _choices(words: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """List which words to leave out: none, unknown ones, then one more, two more, or almost all."""
    yield ()
    unknown = tuple(name for name in words if _is_hopeless(name, words[name]))
    known = [name for name in words if name not in unknown]
    known.sort(key=lambda name: (not _is_named(name, _error(words)), name == "data"))
    for count in range(3):
        for more in combinations(known, count):
            yield (*unknown, *more)
    yield tuple(name for name in words if name != "data")
    yield tuple(words)


def _is_named(name: str, error: str) -> bool:
    """Whether a sentence begins with the name of this word, or of one of its sizes."""
    return error.startswith(name) or (name == "sizes" and error.startswith("n_"))


def _is_hopeless(name: str, value: str) -> bool:
    """Whether a word is unknown or so long that it is not tried out."""
    return len(value) > MOST_UNPACKED or "is not a setting" in _error({name: value})


def _error(words: Mapping[str, str]) -> str:
    try:
        from_query(words)
    except ValueError as error:
        return str(error)
    return ""


def _without(words: Mapping[str, str], dropped: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in words.items() if name not in dropped}


def _about(words: Mapping[str, str], dropped: tuple[str, ...], name: str) -> str:
    """Say what is wrong with a word, given those that are obeyed."""
    obeyed = _without(words, dropped)
    return _error(obeyed | {name: words[name]}) or f"{name} does not fit the rest of the link."


def _with_the_first_steps(recipe: Recipe, words: Mapping[str, str]) -> Recipe:
    """Train as many epochs as a link may ask for, if it asks for more."""
    try:
        asked = recipe.then(*parse_events(words.get(STEPS, ""), recipe.config.sizes))
    except ValueError:
        return recipe
    return asked.until(most_epochs(recipe.config))
