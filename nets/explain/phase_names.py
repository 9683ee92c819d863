"""Names of phases: the four steps, and which layer and update a phase is about."""

from nets.explain.phases import Walkthrough, updates_per_epoch

STEPS = {
    "forward": "Forward propagation",
    "loss": "Loss",
    "backward": "Backpropagation",
    "update": "Update",
}


def place_of(walk: Walkthrough) -> str:
    """Say which layer a phase is about, and which of several updates in an epoch."""
    if walk.phase is None:
        return ""
    last, updates = len(walk.start.network.layers), updates_per_epoch(walk.start)
    layer = f"layer {walk.phase.layer} of {last}" if walk.phase.layer else ""
    update = f"update {walk.batch + 1} of {updates}" if updates > 1 else ""
    return ", ".join(filter(None, (layer, update)))
