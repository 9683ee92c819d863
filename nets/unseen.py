"""Unseen: data kept aside, and the loss on it after every epoch of a training."""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from nets.batches import Batches
from nets.network import Network

HELD_BACK = 2**15  # numbers of output that wait for their loss: not more than a near cache holds


class Unseen:
    """Data that a network is asked about after every epoch, and never updated from.

    Answers wait until there are enough of them to take their losses at once.
    """

    def __init__(
        self,
        network: Network,
        inputs: Float[Tensor, "*many N n_input"],
        targets: Float[Tensor, "*many N n_output"],
        loss: Callable[[Tensor, Tensor], Tensor],
        *,
        augmented: bool,
    ) -> None:
        """Make the room for the answers of this network; see `Activity` for `augmented`."""
        self._batches = Batches(network, inputs, targets, None, augmented=augmented)
        self._loss = loss

    def begin(self, epochs: int) -> None:
        """Make room for the losses of so many epochs."""
        output = self._batches.output
        self._losses = output.new_empty(epochs, *output.shape[:-2])
        self._held, self._noted, self._settled = held_back(output, epochs), 0, 0

    def note(self) -> None:
        """Ask the network as it is after one more epoch."""
        self._batches.answer()
        self._held[self._noted - self._settled].copy_(self._batches.output)
        self._noted += 1
        if self._noted in (self._settled + len(self._held), len(self._losses)):
            answers = self._held[: self._noted - self._settled]
            self._losses[self._settled : self._noted] = self._loss(answers, self._batches.targets)
            self._settled = self._noted

    @property
    def losses(self) -> Float[Tensor, " epochs *many"]:
        """The loss after each epoch."""
        return self._losses


def held_back(
    output: Float[Tensor, "*many batch n_output"], epochs: int
) -> Float[Tensor, "held *many batch n_output"]:
    """Make room for the outputs of many epochs, laid out as this one is."""
    count = max(1, min(epochs, HELD_BACK // output.numel()))
    if output.stride(-1) == 1:
        return output.new_empty(count, *output.shape)
    return output.new_empty(count, *output.mT.shape).mT


def together(tensors: Sequence[Tensor]) -> Tensor:
    """Lay tensors side by side along a new first axis; one alone stays as it is."""
    return tensors[0] if len(tensors) == 1 else torch.stack(list(tensors))
