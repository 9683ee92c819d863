"""Packing: the words of a long link, compressed into one."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

PACKED = "run"
LONG = 600  # letters of an address, above which its words are packed
MOST_LETTERS = 2000  # of an address, which every browser and messenger carries
MOST_UNPACKED = 20_000  # letters that a packed word may hold


def length(words: Mapping[str, str]) -> int:
    """Count the letters of these words in an address."""
    return len(urlencode(words))


def pack(words: dict[str, str], *, always: bool = False) -> dict[str, str]:
    """Return the words of a recipe, packed into one word if they are long or `always`."""
    if PACKED in words or (length(words) <= LONG and not always):
        return words
    packed = zlib.compress(urlencode(words).encode("ascii"), 9)
    return {PACKED: base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")}


def unpack(words: Mapping[str, str]) -> dict[str, str]:
    """Return the words of a recipe, unpacked if they are packed.

    Raises:
        ValueError: if the packed word is not what `pack` writes; names the word.
    """
    if PACKED not in words:
        return dict(words)
    if len(words) > 1:
        raise ValueError(f"{PACKED} must be the only word of a run in a link.")
    text = words[PACKED]
    try:
        if len(text) > MOST_UNPACKED:
            raise ValueError
        unpacker = zlib.decompressobj()
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        plain = unpacker.decompress(packed, MOST_UNPACKED)
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError
        unpacked = dict(parse_qsl(plain.decode("ascii"), keep_blank_values=True))
    except (ValueError, binascii.Error, zlib.error):
        unpacked = {}
    if not unpacked or PACKED in unpacked:
        raise ValueError(
            f"{PACKED} must be a whole packed run, as the page writes it; a part is missing or "
            "was changed."
        )
    return unpacked
