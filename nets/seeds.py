"""Random streams: one for each seed and purpose."""

import hashlib

import torch

MAX_SEED = 2**32 - 1


def stream(seed: int, purpose: str = "notebook") -> torch.Generator:
    """Return a generator for a seed and a purpose.

    The purpose "notebook" is the stream of `torch.manual_seed(seed)`: drawing from it in the
    notebook's order gives the notebook's numbers. Every other purpose has a separate stream, so
    drawing more for one purpose never changes another. Nothing global is seeded.
    """
    if purpose != "notebook":
        digest = hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=7).digest()
        seed = int.from_bytes(digest, "big")
    return torch.Generator().manual_seed(seed)
