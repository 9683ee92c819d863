"""Batches: the examples in the order in which an epoch uses them, and the held-out examples."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.engine.activity import Activity, Gradients
from nets.engine.forward import forward
from nets.engine.network import Network
from nets.engine.storage import augment
from nets.seeds import stream
from nets.training.program import each

PREDICTED_AT_ONCE = 2**10  # examples; the activity of more does not fit into a core's cache


@dataclass(frozen=True)
class Batch:
    """Some examples, and the tensors that the four steps fill for them."""

    inputs: Float[Tensor, "*many batch _"]
    targets: Float[Tensor, "*many batch n_output"]
    activity: Activity
    gradients: Gradients

    def of(self, inputs: Tensor, transposed: Tensor, targets: Tensor) -> "Batch":
        """Return the same tensors for other examples, of the same number."""
        activity = self.activity.for_examples(inputs, transposed)
        return Batch(inputs, targets, activity, self.gradients)


@dataclass(frozen=True)
class EqualBatches:
    """Batches of one size, which share the tensors that the four steps fill.

    Attributes:
        first: one of them.
        series: the inputs, the transposed inputs and the targets of each.
    """

    first: Batch
    series: tuple[list[Tensor], list[Tensor], list[Tensor]]


class Batches:
    """All batches of a training loop, made once.

    Without a batch size, or if one batch has all examples, nothing is shuffled, as in the notebook.

    Attributes:
        batches: in the order of an epoch.
        groups: the same, by size.
        output: the network's output for all examples, (N, n_output), in the order of the data.
            Forward propagation of a single batch fills it; `predict` always does.
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
        """Make the batches; see `Activity` for `augmented`."""
        self.network, self.augmented, self.examples = network, augmented, inputs.shape[-2]
        self._made: dict[int, tuple[Activity, Gradients]] = {}
        if augmented:
            inputs = augment(inputs)
        self.shuffles = size is not None and size < self.examples
        if self.shuffles:
            shuffled = torch.empty_like(inputs), torch.empty_like(targets)
            self._copies = _copies_of_each((inputs, targets), shuffled)
            self.output = torch.zeros_like(targets)
            self.batches = self._cut(*shuffled, size or self.examples)
            self._inputs = inputs
        else:
            if augmented:
                inputs, targets = (values.mT.contiguous().mT for values in (inputs, targets))
            self.batches = self._cut(inputs, targets, self.examples)
            self.output = self.batches[0].activity.output
        self.groups = _by_size(self.batches)
        self.targets = targets

    @cached_property
    def _parts(self) -> list[EqualBatches]:
        """All examples, in the order of the data, in the parts in which they are predicted.

        The "targets" are where the outputs are written. Nothing is written into the gradients.
        """
        unused = self.batches[0].gradients
        return _by_size(self._cut(self._inputs, self.output, PREDICTED_AT_ONCE, unused))

    def _cut(
        self,
        inputs: Float[Tensor, "*many N _"],
        targets: Float[Tensor, "*many N n_output"],
        size: int,
        gradients: Gradients | None = None,
    ) -> list[Batch]:
        """Split examples into batches; batches of one size share their tensors.

        With `gradients`, sizes that are new get these in place of tensors of their own.
        """
        batches: list[Batch] = []
        for begin in range(0, self.examples, size):
            x, y = (values[..., begin : begin + size, :] for values in (inputs, targets))
            made = self._made.get(x.shape[-2]) or self._make(x, gradients)
            batches.append(Batch(x, y, *made).of(x, x.mT, y))
        return batches

    def _make(
        self, inputs: Float[Tensor, "*many batch _"], gradients: Gradients | None
    ) -> tuple[Activity, Gradients]:
        """Make the tensors for batches of this size."""
        activity = Activity.empty(self.network, inputs, augmented=self.augmented)
        made = activity, gradients or Gradients.empty(self.network, activity)
        self._made[inputs.shape[-2]] = made
        return made

    def draw_orders(self, epochs: range, seeds: Sequence[int]) -> list[Int[Tensor, "epochs N"]]:
        """Draw the orders of the examples in some epochs, one tensor for each network's seed."""
        if not self.shuffles:
            return []
        orders = ([order_of(self.examples, epoch, seed) for epoch in epochs] for seed in seeds)
        return [torch.stack(order) for order in orders]

    def shuffle(self, *orders: Int[Tensor, " N"]) -> None:
        """Copy the examples of each network in its order into the batches."""
        for order, copies in zip(orders, self._copies, strict=True) if self.shuffles else ():
            for rows, out in copies:
                torch.index_select(rows, 0, order, out=out)

    def of_epoch(self, epoch: int, seeds: Sequence[int]) -> list[Batch]:
        """Return the batches of an epoch, in its order; one seed for each network."""
        self.shuffle(*[orders[0] for orders in self.draw_orders(range(epoch, epoch + 1), seeds)])
        return self.batches

    def predict(self) -> None:
        """Fill `output` with what the network predicts now for all examples."""
        if self.shuffles:
            for part in self._parts:
                each(partial(self._predict_part, part.first), *part.series)
        else:
            forward(self.network, self.batches[0].inputs, self.batches[0].activity)

    def _predict_part(self, like: Batch, inputs: Tensor, transposed: Tensor, out: Tensor) -> None:
        part = like.of(inputs, transposed, out)
        out.copy_(forward(self.network, part.inputs, part.activity).output)


def _by_size(batches: Sequence[Batch]) -> list[EqualBatches]:
    groups = [
        list(group) for _, group in itertools.groupby(batches, lambda one: one.inputs.shape[-2])
    ]
    return [
        EqualBatches(
            group[0],
            (
                [batch.inputs for batch in group],
                [batch.activity.transposed[0] for batch in group],
                [batch.targets for batch in group],
            ),
        )
        for group in groups
    ]


def _copies_of_each(
    sources: tuple[Tensor, Tensor], copies: tuple[Tensor, Tensor]
) -> list[tuple[tuple[Tensor, Tensor], ...]]:
    """View for each network where its inputs and its targets are copied from, and where to."""
    views = (
        [values.view(-1, *values.shape[-2:]).unbind() for values in pair]
        for pair in zip(sources, copies, strict=True)
    )
    return list(zip(*(zip(*pair, strict=True) for pair in views), strict=True))


def order_of(examples: int, epoch: int, seed: int) -> Tensor:
    """Draw the order of the examples in an epoch, from a random stream of that epoch."""
    return torch.randperm(examples, generator=stream(seed, f"batch/{epoch}"))


def number_of_batches(examples: int, size: int | None) -> int:
    """Count the batches, and so the updates, of one epoch; the last batch may be smaller."""
    return -(-examples // (size or examples))


def flat(output: Float[Tensor, "*many batch n_output"]) -> Float[Tensor, "*many numbers"]:
    """View an output as one row of numbers, in the order in which they lie in memory."""
    rows = output if output.stride(-1) == 1 else output.mT
    return rows.view(*rows.shape[:-2], -1)


def unflat(
    numbers: Float[Tensor, "count *many numbers"], output: Float[Tensor, "*many batch n_output"]
) -> Float[Tensor, "count *many batch n_output"]:
    """Give rows of numbers the shape and the memory layout of the output that they come from."""
    if output.stride(-1) == 1:
        return numbers.contiguous().view(len(numbers), *output.shape)
    return numbers.contiguous().view(len(numbers), *output.mT.shape).mT


def stacked(tensors: Sequence[Tensor]) -> Tensor:
    """Stack tensors along a new first axis; one alone stays as it is."""
    return tensors[0] if len(tensors) == 1 else torch.stack(list(tensors))
