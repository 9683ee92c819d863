"""Own data that the server still has, under a secret word of an address.

An address cannot carry own data. So that F5 loses nothing, it has a word under which the server
finds them, for as long as a visit that uses them is in its memory. Nothing is kept longer for it.
"""

import secrets
from weakref import WeakKeyDictionary, WeakValueDictionary

from nets.data.examples import Data

OWN = "own"  # the name of the word
LETTERS = 32  # of a word, which nobody can guess

_words: WeakKeyDictionary[Data, str] = WeakKeyDictionary()
_data: WeakValueDictionary[str, Data] = WeakValueDictionary()


def word_of(data: Data) -> str:
    """Return the word for these data."""
    word = _words.setdefault(data, secrets.token_hex(LETTERS // 2))
    _data[word] = data
    return word


def find(word: str) -> Data | None:
    """Return the data of a word, if the server still has them."""
    return _data.get(word)
