"""Mini-batches: the examples in the order in which one epoch goes through them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Activity, Gradients, augment
from nets.engine.forward import forward
from nets.engine.network import Network
from nets.seeds import stream
from nets.training.recorder import RecordedCalls

ANSWERED_AT_ONCE = 2**10  # examples: the activity of more does not fit into a core's cache


@dataclass(frozen=True)
class Batch:
    """Some examples, the room that the four steps need for them, and their calls of torch."""

    inputs: Float[Tensor, "*many batch _"]
    targets: Float[Tensor, "*many batch n_output"]
    activity: Activity
    gradients: Gradients
    replay: RecordedCalls = field(default_factory=RecordedCalls, compare=False, repr=False)


class Batches:
    """All batches of a training, made once.

    Without a batch size, or with one that takes in all examples, there is one batch and nothing
    is shuffled: the notebook's training.

    Attributes:
        output: what the network answers to all examples, (N, n_output), in the order of the data.
            A single batch fills it whenever it is propagated forward; `answer` always does.
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
        self.network, self.augmented, self.examples = network, augmented, inputs.shape[-2]
        self._rooms: dict[int, tuple[Activity, Gradients]] = {}
        if augmented:
            inputs = augment(inputs)
        self.shuffles = size is not None and size < self.examples
        if self.shuffles:
            self.shuffled = torch.empty_like(inputs), torch.empty_like(targets)
            self._copies = _one_a_network((inputs, targets), self.shuffled)
            self.output = torch.zeros_like(targets)
            self.batches = self._cut(*self.shuffled, size or self.examples)
            # "Targets" of the parts are where their answers go.
            self.parts = self._cut(inputs, self.output, ANSWERED_AT_ONCE)
        else:
            if augmented:
                inputs, targets = (values.mT.contiguous().mT for values in (inputs, targets))
            self.batches = self._cut(inputs, targets, self.examples)
            self.output = self.batches[0].activity.output
            self.parts = self.batches
        self.inputs, self.targets = inputs, targets

    def _cut(
        self,
        inputs: Float[Tensor, "*many N _"],
        targets: Float[Tensor, "*many N n_output"],
        size: int,
    ) -> list[Batch]:
        """Cut examples into batches; those of one size share their room."""
        batches: list[Batch] = []
        for begin in range(0, self.examples, size):
            x, y = (values[..., begin : begin + size, :] for values in (inputs, targets))
            activity, gradients = self._rooms.get(x.shape[-2]) or self._room(x)
            batches.append(Batch(x, y, activity.over(x), gradients))
        return batches

    def _room(self, inputs: Float[Tensor, "*many batch _"]) -> tuple[Activity, Gradients]:
        """Make the room for batches as long as this one."""
        activity = Activity.empty(self.network, inputs, augmented=self.augmented)
        room = self._rooms[inputs.shape[-2]] = activity, Gradients.empty(self.network, activity)
        return room

    def of_epoch(self, epoch: int, seeds: Sequence[int]) -> list[Batch]:
        """Go through the examples once, in this epoch's order: one seed a network."""
        if self.shuffles:
            for seed, copies in zip(seeds, self._copies, strict=True):
                order = order_of(self.examples, epoch, seed)
                for rows, out in copies:
                    torch.index_select(rows, 0, order, out=out)
        return self.batches

    def answer(self) -> None:
        """Fill `output` with what the network, as it is now, answers to all examples."""
        for part in self.parts:
            forward(self.network, part.inputs, part.activity)
            if self.shuffles:
                part.targets.copy_(part.activity.output)


def _one_a_network(
    sources: tuple[Tensor, Tensor], copies: tuple[Tensor, Tensor]
) -> list[tuple[tuple[Tensor, Tensor], ...]]:
    """View what each network's examples are copied from, and to: its inputs, then its targets."""
    views = (
        [values.view(-1, *values.shape[-2:]).unbind() for values in pair]
        for pair in zip(sources, copies, strict=True)
    )
    return list(zip(*(zip(*pair, strict=True) for pair in views), strict=True))


def order_of(examples: int, epoch: int, seed: int) -> Tensor:
    """Draw the order of the examples in an epoch, from a stream that belongs to that epoch."""
    return torch.randperm(examples, generator=stream(seed, f"batch/{epoch}"))


def number_of_batches(examples: int, size: int | None) -> int:
    """Count the mini-batches, and so the updates, of one epoch; the last one may be smaller."""
    return -(-examples // (size or examples))


HELD_BACK = 2**15  # numbers of output that wait for their loss: not more than a near cache holds


class HeldOut:
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
        self._held, self._noted, self._settled = output_buffer(output, epochs), 0, 0

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


def output_buffer(
    output: Float[Tensor, "*many batch n_output"], epochs: int
) -> Float[Tensor, "held *many batch n_output"]:
    """Make room for the outputs of many epochs, laid out as this one is."""
    count = max(1, min(epochs, HELD_BACK // output.numel()))
    if output.stride(-1) == 1:
        return output.new_empty(count, *output.shape)
    return output.new_empty(count, *output.mT.shape).mT


def stacked(tensors: Sequence[Tensor]) -> Tensor:
    """Lay tensors side by side along a new first axis; one alone stays as it is."""
    return tensors[0] if len(tensors) == 1 else torch.stack(list(tensors))
