"""The first minute: what greets a newcomer, and how the first Play ends.

XOR is learned in about 350 epochs, 14 seconds at the usual speed. The loss ½ (y − ŷ)² is then below
0.02 on average, so every output is near its target.
"""

from dataclasses import replace

from nets.config import Config
from nets.presets import PRESETS
from nets.training.early_stopping import LOSS, EarlyStopping
from nets.training.metrics import accuracy_of, describe_classes
from nets.training.run import Run

CONFIG = PRESETS["xor"]
ENOUGH = 0.02  # the loss at which the first Play ends
GREETING = (
    "**This is a small neural network. Press Play and watch it learn XOR:** answer 1 if exactly "
    "one of the two inputs is 1, otherwise 0."
)
LINES = (
    "Every line is a weight, a number that the network changes to learn: blue above 0, orange and "
    "dashed below 0, wide if it is far from 0."
)
NEXT = "**Next phase** shows one epoch step by step. **Play** continues the training."


def goal_of(run: Run) -> EarlyStopping | None:
    """Return the condition that ends Play for a newcomer; None if the settings are others by now.

    The learning rate and the seed may be others.
    """
    config: Config = replace(run.config, learning_rate=CONFIG.learning_rate, seed=CONFIG.seed)
    return EarlyStopping(LOSS, ENOUGH, run.epoch) if config == CONFIG else None


def learned(run: Run) -> str:
    """Say what the network has learned; empty if it does not answer all examples correctly."""
    if accuracy_of(run.network, run.config, run.data) < 1:
        return ""
    losses = run.history.loss
    return (
        f"**The network now answers all {len(run.data)} examples correctly.** "
        f"{describe_classes(run.config)} In {run.epoch} epochs it changed its weights so that the "
        f"loss fell from {losses[0]:.2g} to {losses[-1]:.2g}."
    )
