"""Mini-batches: the examples in the order in which one epoch goes through them."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from nets.activity import Activity, Gradients
from nets.forward import forward
from nets.network import Network
from nets.room import augment
from nets.seeds import stream


@dataclass(frozen=True)
class Batch:
    """Some examples, and the room that the four steps need for them."""

    inputs: Float[Tensor, "*many batch _"]
    targets: Float[Tensor, "*many batch n_output"]
    activity: Activity
    gradients: Gradients


class Batches:
    """All batches of a training, made once.

    Without a batch size, or with one that takes in all examples, there is one batch and nothing
    is shuffled: the notebook's training. Batches of one size share their room.
    """

    def __init__(
        self,
        network: Network,
        inputs: Float[Tensor, "*many N n_input"],
        targets: Float[Tensor, "*many N n_output"],
        size: int | None,
        *,
        augmented: bool,
    ) -> None:
        """Make the batches of these examples for this network; see `Activity` for `augmented`."""
        self.network, self.examples = network, inputs.shape[-2]
        self.size = min(size or self.examples, self.examples)
        self.shuffles = self.size < self.examples
        if augmented:
            inputs = augment(inputs)
        if augmented and not self.shuffles:
            inputs, targets = _by_columns(inputs), _by_columns(targets)
        self.inputs, self.targets = inputs, targets
        self.shuffled = (inputs.clone(), targets.clone()) if self.shuffles else (inputs, targets)
        self.batches = self._cut(augmented)
        self.all = self.batches[0].activity
        if self.shuffles:
            self.all = Activity.empty(network, inputs, augmented=augmented)

    def _cut(self, augmented: bool) -> list[Batch]:
        rooms: dict[int, tuple[Activity, Gradients]] = {}
        batches: list[Batch] = []
        xs, ys = (torch.split(values, self.size, dim=-2) for values in self.shuffled)
        for x, y in zip(xs, ys, strict=True):
            length = x.shape[-2]
            if length not in rooms:
                activity = Activity.empty(self.network, x, augmented=augmented)
                rooms[length] = activity, Gradients.empty(self.network, activity)
            activity, gradients = rooms[length]
            batches.append(Batch(x, y, activity.over(x), gradients))
        return batches

    def of_epoch(self, epoch: int, seeds: Sequence[int]) -> list[Batch]:
        """Go through the examples once, in this epoch's order: one seed a network.

        Where there are several batches, `all` then holds the answers to all examples before the
        epoch; a single batch does so when it is propagated.
        """
        if self.shuffles:
            forward(self.network, self.inputs, self.all)
            self._shuffle(epoch, seeds)
        return self.batches

    def _shuffle(self, epoch: int, seeds: Sequence[int]) -> None:
        for source, shuffled in zip((self.inputs, self.targets), self.shuffled, strict=True):
            one_a_network = (values.view(-1, *values.shape[-2:]) for values in (source, shuffled))
            for seed, rows, out in zip(seeds, *one_a_network, strict=True):
                torch.index_select(rows, 0, order_of(self.examples, epoch, seed), out=out)


def order_of(examples: int, epoch: int, seed: int) -> Tensor:
    """Draw the order of the examples in an epoch, from a stream that belongs to that epoch."""
    return torch.randperm(examples, generator=stream(seed, f"batch/{epoch}"))


def _by_columns(values: Float[Tensor, "*many N columns"]) -> Float[Tensor, "*many N columns"]:
    """Lay a matrix out column by column, as augmented activity has it."""
    return values.mT.contiguous().mT
