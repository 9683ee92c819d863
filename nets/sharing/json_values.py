"""Values of JSON from a file that may be hostile: each is of its kind and not too long."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

MOST_LETTERS = 500  # of a name, a class or a note
MOST_TEXTS = 1000  # in a list


def read_mapping(name: str, value: Any) -> Mapping[str, Any]:
    """Read an object of JSON; raise a ValueError with its name if it is anything else."""
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be an object of JSON, as the page writes it.")
    return cast(Mapping[str, Any], value)


def read_words(name: str, value: Any) -> Mapping[str, str]:
    """Read an object whose values are texts; raise a ValueError if it is anything else."""
    words = read_mapping(name, value)
    if not all(isinstance(one, str) for one in words.values()):
        raise ValueError(f"{name} must have texts only.")
    return words


def read_list(name: str, value: Any, most: int) -> Sequence[Any]:
    """Read a list of at most this length; raise a ValueError if it is anything else."""
    if not isinstance(value, list) or len(cast(list[Any], value)) > most:
        raise ValueError(f"{name} must be a list of at most {most}.")
    return cast(list[Any], value)


def read_texts(name: str, value: Any) -> tuple[str, ...]:
    """Read a list of short texts; raise a ValueError if it is anything else."""
    texts = read_list(name, value, MOST_TEXTS)
    if not all(isinstance(text, str) and len(text) <= MOST_LETTERS for text in texts):
        raise ValueError(f"{name} must be texts of at most {MOST_LETTERS} letters.")
    return tuple(texts)
