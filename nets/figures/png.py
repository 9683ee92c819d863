"""PNG: a small picture of few colours as a file that a browser shows, in one line of text."""

import base64
import struct
import zlib
from functools import cache

import torch
from jaxtyping import UInt8
from torch import Tensor

QUICK = 3  # zlib's level: smaller files take several times as long


@cache
def palette(colours: tuple[str, ...]) -> bytes:
    """Write #rrggbb colours, 256 at the most, as a file's palette."""
    return _chunk(b"PLTE", bytes.fromhex("".join(colour[1:] for colour in colours)))


def sources(places: UInt8[Tensor, "pictures rows columns"], colours: bytes) -> list[str]:
    """Write pictures, each pixel its colour's place in the palette, as data addresses.

    The format is that of RFC 2083: 8 bits a pixel, every row unfiltered.
    """
    count, rows, columns = places.shape
    unfiltered = torch.zeros((count, rows, columns + 1), dtype=torch.uint8)
    unfiltered[..., 1:] = places
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0))
    begin, end = b"\x89PNG\r\n\x1a\n" + header + colours, _chunk(b"IEND", b"")
    pixels, length = unfiltered.numpy().tobytes(), rows * (columns + 1)
    parts = (pixels[at * length : (at + 1) * length] for at in range(count))
    files = (begin + _chunk(b"IDAT", zlib.compress(part, QUICK)) + end for part in parts)
    return ["data:image/png;base64," + base64.b64encode(file).decode() for file in files]


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
