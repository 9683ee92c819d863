"""What an address cannot carry, but the server still has, under a secret word of the address.

These are own data, observed epochs and long recipes. So that F5 loses nothing, the address has a
word under which the server finds them, for as long as the visit that uses them is in its memory.
Nothing is kept longer for it.
"""

import secrets
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from nets.data.examples import Data
from nets.training.history import History

OWN = "own"  # the name of the word for own data
VISIT = "visit"  # the name of the word for a visit, whose recipe is too long
LETTERS = 32  # of a word, which nobody can guess

_words: WeakKeyDictionary[object, str] = WeakKeyDictionary()
_visits: WeakValueDictionary[str, Any] = WeakValueDictionary()
_data: WeakValueDictionary[str, Data] = WeakValueDictionary()
_observed: WeakValueDictionary[str, History] = WeakValueDictionary()
_data_of: WeakKeyDictionary[History, Data] = WeakKeyDictionary()


def word_of(data: Data, observed: History | None = None) -> str:
    """Return the word for these data, or for what was observed of a training on them."""
    word = _word_for(observed or data)
    if observed is None:
        _data[word] = data
    else:
        _observed[word], _data_of[observed] = observed, data
    return word


def word_of_visit(session: object) -> str:
    """Return the word for the session of a visit."""
    word = _word_for(session)
    _visits[word] = session
    return word


def find_visit(word: str) -> Any:
    """Return the session of a word, if the server still has it."""
    return _visits.get(word)


def _word_for(owner: object) -> str:
    return _words.setdefault(owner, secrets.token_hex(LETTERS // 2))


def find(word: str) -> tuple[Data, History | None] | None:
    """Return the data of a word and what was observed, if the server still has them."""
    observed, data = _observed.get(word), _data.get(word)
    if observed is not None:
        return _data_of[observed], observed
    return None if data is None else (data, None)
