"""Batches: the examples in the order in which an epoch uses them, and the held-out examples."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Activity, Gradients
from nets.engine.forward import forward
from nets.engine.network import Network
from nets.engine.storage import augment
from nets.seeds import stream
from nets.training.recorder import RecordedCalls

PREDICTED_AT_ONCE = 2**10  # examples; the activity of more does not fit into a core's cache


@dataclass(frozen=True)
class Batch:
    """Some examples, the tensors that the four steps fill for them, and their recorded calls."""

    inputs: Float[Tensor, "*many batch _"]
    targets: Float[Tensor, "*many batch n_output"]
    activity: Activity
    gradients: Gradients
    calls: RecordedCalls = field(default_factory=RecordedCalls, compare=False, repr=False)


class Batches:
    """All batches of a training loop, made once.

    Without a batch size, or if one batch has all examples, nothing is shuffled, as in the notebook.

    Attributes:
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
            self.shuffled = torch.empty_like(inputs), torch.empty_like(targets)
            self._copies = _copies_of_each((inputs, targets), self.shuffled)
            self.output = torch.zeros_like(targets)
            self.batches = self._cut(*self.shuffled, size or self.examples)
            # The "targets" of these parts are where their outputs are written.
            self.parts = self._cut(inputs, self.output, PREDICTED_AT_ONCE)
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
        """Split examples into batches; batches of one size share their tensors."""
        batches: list[Batch] = []
        for begin in range(0, self.examples, size):
            x, y = (values[..., begin : begin + size, :] for values in (inputs, targets))
            activity, gradients = self._made.get(x.shape[-2]) or self._make(x)
            batches.append(Batch(x, y, activity.for_examples(x), gradients))
        return batches

    def _make(self, inputs: Float[Tensor, "*many batch _"]) -> tuple[Activity, Gradients]:
        """Make the tensors for batches of this size."""
        activity = Activity.empty(self.network, inputs, augmented=self.augmented)
        made = self._made[inputs.shape[-2]] = activity, Gradients.empty(self.network, activity)
        return made

    def of_epoch(self, epoch: int, seeds: Sequence[int]) -> list[Batch]:
        """Return the batches of an epoch, in its order; one seed for each network."""
        if self.shuffles:
            for seed, copies in zip(seeds, self._copies, strict=True):
                order = order_of(self.examples, epoch, seed)
                for rows, out in copies:
                    torch.index_select(rows, 0, order, out=out)
        return self.batches

    def predict(self) -> None:
        """Fill `output` with what the network predicts now for all examples."""
        for part in self.parts:
            forward(self.network, part.inputs, part.activity)
            if self.shuffles:
                part.targets.copy_(part.activity.output)


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


BUFFERED_NUMBERS = 2**15  # of outputs that wait for their loss; more do not fit into a cache


class HeldOut:
    """Test data: the network predicts them after every epoch and never learns from them.

    Outputs wait in a buffer until their losses can be computed at once.
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
        """Make the tensors for this network's outputs; see `Activity` for `augmented`."""
        self._batches = Batches(network, inputs, targets, None, augmented=augmented)
        self._loss = loss

    def begin(self, epochs: int) -> None:
        """Make the tensor for the losses of this number of epochs."""
        output = self._batches.output
        self._losses = output.new_empty(epochs, *output.shape[:-2])
        self._outputs, self._noted, self._settled = output_buffer(output, epochs), 0, 0

    def note(self) -> None:
        """Predict with the network as it is after one more epoch."""
        self._batches.predict()
        self._outputs[self._noted - self._settled].copy_(self._batches.output)
        self._noted += 1
        if self._noted in (self._settled + len(self._outputs), len(self._losses)):
            outputs = self._outputs[: self._noted - self._settled]
            self._losses[self._settled : self._noted] = self._loss(outputs, self._batches.targets)
            self._settled = self._noted

    @property
    def losses(self) -> Float[Tensor, " epochs *many"]:
        """The loss after each epoch."""
        return self._losses


def output_buffer(
    output: Float[Tensor, "*many batch n_output"], epochs: int
) -> Float[Tensor, "held *many batch n_output"]:
    """Make a buffer for the outputs of many epochs, each with the memory layout of this one."""
    count = max(1, min(epochs, BUFFERED_NUMBERS // output.numel()))
    if output.stride(-1) == 1:
        return output.new_empty(count, *output.shape)
    return output.new_empty(count, *output.mT.shape).mT


def stacked(tensors: Sequence[Tensor]) -> Tensor:
    """Stack tensors along a new first axis; one alone stays as it is."""
    return tensors[0] if len(tensors) == 1 else torch.stack(list(tensors))
