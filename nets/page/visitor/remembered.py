"""Own data and observed epochs that the server still has, under a secret word of an address.

An address cannot carry them. So that F5 loses nothing, it has a word under which the server finds
them, for as long as a visit that uses them is in its memory. Nothing is kept longer for it.
"""

import secrets
from weakref import WeakKeyDictionary, WeakValueDictionary

from nets.data.examples import Data
from nets.training.history import History

OWN = "own"  # the name of the word
LETTERS = 32  # of a word, which nobody can guess

_words: WeakKeyDictionary[Data | History, str] = WeakKeyDictionary()
_data: WeakValueDictionary[str, Data] = WeakValueDictionary()
_observed: WeakValueDictionary[str, History] = WeakValueDictionary()
_data_of: WeakKeyDictionary[History, Data] = WeakKeyDictionary()


def word_of(data: Data, observed: History | None = None) -> str:
    """Return the word for these data, or for what was observed of a training on them."""
    word = _words.setdefault(observed or data, secrets.token_hex(LETTERS // 2))
    if observed is None:
        _data[word] = data
    else:
        _observed[word], _data_of[observed] = observed, data
    return word


def find(word: str) -> tuple[Data, History | None] | None:
    """Return the data of a word and what was observed, if the server still has them."""
    observed, data = _observed.get(word), _data.get(word)
    if observed is not None:
        return _data_of[observed], observed
    return None if data is None else (data, None)
