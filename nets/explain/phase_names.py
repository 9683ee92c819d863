"""Names of phases: the four steps, what they are for, and which layer a phase is about."""

from nets.explain.phases import Walkthrough, updates_per_epoch

STEPS = {
    "forward": "Forward propagation",
    "loss": "Loss",
    "backward": "Backpropagation",
    "update": "Update",
}
QUESTIONS = {
    "forward": "What does the network answer?",
    "loss": "How wrong is the answer?",
    "backward": "How much does each weight contribute to the loss?",
    "update": "How must each weight change so that the loss falls?",
}
MEANINGS = {
    "forward": "Layer by layer, every neuron adds up its inputs, each times a weight, and its "
    "bias, and puts the sum z through its activation. The outputs of the last layer are the "
    "answer ŷ.",
    "loss": "The loss compares the answers ŷ with the targets y and gives one number. The smaller "
    "it is, the better the answers.",
    "backward": "From the last layer back to the first, every neuron gets its δ, and every weight "
    "and bias its gradient: how fast the loss rises when it rises.",
    "update": "Every weight and bias moves a little against its gradient. The learning rate says "
    "how far.",
}


def place_of(walk: Walkthrough) -> str:
    """Say which layer a phase is about, and which of several updates in an epoch."""
    if walk.phase is None:
        return ""
    last, updates = len(walk.start.network.layers), updates_per_epoch(walk.start)
    layer = f"layer {walk.phase.layer} of {last}" if walk.phase.layer else ""
    update = f"update {walk.batch + 1} of {updates}" if updates > 1 else ""
    return ", ".join(filter(None, (layer, update)))
