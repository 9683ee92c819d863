"""Observed runs: what was noted of a training outside of this package, as a run to look at."""

from dataclasses import replace

from nets.config import Config
from nets.data.examples import Data
from nets.engine.network import Network
from nets.training.history import History
from nets.training.run import Run, activations_of, start

LOOK_ONLY = (
    "This run was trained by another program, so it is there to be looked at; it cannot be trained "
    "or changed here."
)


def observed_run(config: Config, data: Data | None, history: History) -> Run:
    """Return the run at the last epoch of a history that was noted elsewhere.

    Args:
        config: describes the network and the loss.
        data: the examples.
        history: with the parameters of every epoch.

    Raises:
        ValueError: if the network does not fit the data.
    """
    first, last = history.parameters[0], history.parameters[history.epoch]
    network = Network.shaped(first, config.sizes, activations_of(config))
    begun = start(config, data=data, network=network)
    return replace(begun, network=network.with_parameters(last.clone()), history=history)
