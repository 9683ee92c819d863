"""Remarks: what the lines of a phase leave unsaid."""

from nets.explaining.phases import Phase
from nets.explaining.walk import Walk


def remarks_on(walk: Walk, phase: Phase) -> list[str]:
    """Return the sentences that hold for a phase of the update that is walked through."""
    config, count = walk.start.config, len(walk.step.rows)
    gradients = phase.step in ("backward", "update")
    output = phase == Phase("forward", len(walk.step.network.layers))
    remarks = (
        (
            gradients and count > 1,
            f"A gradient is a {config.reduction} over the {count} examples of this update.",
        ),
        (
            gradients and (config.l1 or config.l2),
            "L1 and L2 add to the gradient of a weight, once an update.",
        ),
        (
            output and config.output_activation == "softmax",
            "softmax is exp(z) / Σ exp(z); with exp(z) divided out above and below, no number "
            "becomes too large.",
        ),
        (
            phase.step == "loss" and config.loss == "SquaredError",
            "The derivative of ½ · error² by the output is −error, so the notebook’s += with the "
            "error goes downhill.",
        ),
        (
            phase.step == "backward",
            "The notebook’s d is −δ: it adds where a gradient is subtracted.",
        ),
    )
    return [sentence for holds, sentence in remarks if holds]
