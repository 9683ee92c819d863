"""The four steps, again and again: forward propagation, loss, backpropagation, update."""

from collections.abc import Sequence
from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import take_thread_count
from nets.engine.backprop import backward
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.regularization import Regularization
from nets.engine.update import OPTIMIZERS, TorchOptimizer, update
from nets.training.batches import Batch, Batches, HeldOut, output_buffer, stacked
from nets.training.run import Run

MAX_RECORDED_BATCHES = 2**8  # batches whose calls are noted; a batch's take 5 kB


class TrainingLoop:
    """A copy of a run's network on its way, with all that the four steps need made once.

    Several runs that share all but seed, learning rate and the numbers in their data train side by
    side: every tensor then has one more axis in front, one entry a run.

    Attributes:
        state: the parameters and, behind them, what the optimiser remembers, flat; both change in
            place.
    """

    def __init__(self, runs: Sequence[Run], batch: int = 0) -> None:
        """Begin where these runs are, before this update of their next epoch."""
        self.config = runs[0].config
        self.seeds = [run.config.seed for run in runs]
        self.loss = LOSSES[self.config.loss]
        self.penalty = Regularization(self.config.l1, self.config.l2) or None
        dtype, n_parameters = runs[0].network.parameters.dtype, len(runs[0].network.parameters)
        self.state = stacked(
            [torch.cat((run.network.parameters, run.memory.to(dtype))) for run in runs]
        )
        self.network = runs[0].network.with_parameters(self.state[..., :n_parameters])
        self.batches = Batches(
            self.network,
            stacked([run.data.inputs.to(dtype) for run in runs]),
            stacked([run.data.targets.to(dtype) for run in runs]),
            self.config.batch_size,
            augmented=self.config.bias_rule == "gradient",
        )
        self.optimizer = self._optimizer(runs[0].epoch * len(self.batches.batches) + batch)
        # An optimiser of torch's own counts its updates in Python.
        self.replays = self.optimizer is None and len(self.batches.batches) <= MAX_RECORDED_BATCHES
        self._tests = [run.test for run in runs if run.test is not None]
        self.learning_rate = self.state.new_empty((len(runs), 1) if len(runs) > 1 else ())
        self._set_rates(runs)
        self.change = torch.empty_like(self.network.parameters)

    @cached_property
    def unseen(self) -> HeldOut | None:
        """The data kept aside, if any; made once it is asked about."""
        if not self._tests:
            return None
        dtype = self.network.parameters.dtype
        inputs, targets = (
            [getattr(test, part).to(dtype) for test in self._tests]
            for part in ("inputs", "targets")
        )
        augmented = self.batches.augmented
        return HeldOut(
            self.network, stacked(inputs), stacked(targets), self.loss.value, augmented=augmented
        )

    def continue_with(self, run: Run) -> None:
        """Go on, alone, with the learning rate of a run that stands where this training does."""
        take_thread_count()
        self._set_rates([run])

    @property
    def memory(self) -> Float[Tensor, "*many remembered"]:
        """What the optimiser remembers, a view."""
        return self.state[..., self.network.parameters.shape[-1] :]

    def _optimizer(self, updates: int) -> TorchOptimizer | None:
        """Take up the work of an optimiser of torch's own after so many updates, if it is one."""
        name = self.config.optimizer
        if not OPTIMIZERS[name].of_torch:
            return None
        return TorchOptimizer(name, self.network.parameters, self.memory, updates)

    def _set_rates(self, runs: Sequence[Run]) -> None:
        if self.optimizer is not None:
            self.optimizer.set_rates([run.learning_rate for run in runs])
        for rate, run in zip(self.learning_rate.view(-1), runs, strict=True):
            rate.fill_(run.learning_rate)

    def step(self, batch: Batch) -> None:
        """Update the network once, from these examples."""
        if self.replays:
            batch.replay.do(self.four_steps, batch)
        else:
            self.four_steps(batch)

    def four_steps(self, batch: Batch) -> None:
        """Forward propagation, loss, backpropagation, update: once, from these examples.

        The notebook's four steps. Backpropagation begins with the slope of the loss; its value,
        which no update needs, is taken for many epochs at once, in `epochs`.
        """
        network, config = self.network, self.config
        activity = forward(network, batch.inputs, batch.activity)
        gradients = backward(
            network,
            activity,
            batch.targets,
            self.loss,
            bias_rule=config.bias_rule,
            reduction=config.reduction,
            out=batch.gradients,
        )
        if self.penalty is not None:
            self.penalty.add_slope(network, gradients.weights)
        if self.optimizer is None:
            update(network, gradients, self.learning_rate, self.change)
        else:
            self.optimizer.update(gradients)

    def epochs(
        self, numbers: range, keep: int
    ) -> tuple[Float[Tensor, " epochs *many"], Float[Tensor, " rows *many _"]]:
        """Go through all examples once for each of these epochs.

        Returns the loss after each of them, and the state after every `keep`-th. The loss on data
        kept aside is then in `unseen`.
        """
        batches, state, unseen = self.batches, self.state, self.unseen
        if unseen is not None:
            unseen.begin(len(numbers))
        kept = range(-numbers[0] % keep, len(numbers), keep)
        rows = state.new_empty(len(kept), *state.shape)
        losses = state.new_empty(len(numbers) + 1, *state.shape[:-1])
        held = output_buffer(batches.output, len(numbers))
        free, places = iter(rows.unbind()), held.unbind()
        with torch.inference_mode():
            for begin in range(0, len(numbers), len(places)):
                block = numbers[begin : begin + len(places)]
                for epoch, before in zip(block, places, strict=False):
                    if batches.shuffles and epoch > numbers[0]:
                        batches.answer()
                    for batch in batches.of_epoch(epoch, self.seeds):
                        self.step(batch)
                    before.copy_(batches.output)
                    if unseen is not None:
                        unseen.note()
                    if epoch % keep == 0:
                        next(free).copy_(state)
                losses[begin : begin + len(block)] = self._loss_of(held[: len(block)])
            batches.answer()
            losses[-1] = self._loss_of(batches.output)
        return losses[1:], rows

    def _loss_of(
        self, outputs: Float[Tensor, "*epochs_and_many batch n_output"]
    ) -> Float[Tensor, "*epochs_and_many"]:
        return self.loss.value(outputs, self.batches.targets)
