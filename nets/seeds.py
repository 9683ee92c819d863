"""Random streams: every number that is drawn belongs to a seed and to one purpose."""

import hashlib

import torch

MAX_SEED = 2**32 - 1


def stream(seed: int, purpose: str = "notebook") -> torch.Generator:
    """Return the generator that belongs to a seed and a purpose.

    The purpose "notebook" is the stream that `torch.manual_seed(seed)` starts, so what is drawn
    from it in the notebook's order has the notebook's values. Every other purpose has a stream of
    its own: drawing more for one never moves another. Nothing global is seeded.
    """
    if purpose != "notebook":
        digest = hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=7).digest()
        seed = int.from_bytes(digest, "big")
    return torch.Generator().manual_seed(seed)
