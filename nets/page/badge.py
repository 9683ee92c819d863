"""The badge: in a few characters whether every gradient is right, at every epoch that is shown."""

from dataclasses import dataclass, field

from nets.checking.gradients import glance
from nets.training import Run


@dataclass
class Glances:
    """What came of a glance at the gradients of the last runs, which are shown more than once."""

    known: list[tuple[Run, str]] = field(default_factory=list)

    def at(self, run: Run) -> str:
        """Say in a few characters whether every gradient of a run is right."""
        for known, text in self.known:
            if known is run:
                return text
        self.known = [*self.known[-1:], (run, badge_text(run))]
        return self.known[-1][1]


def badge_text(run: Run) -> str:
    """Say in a few characters whether every gradient is what it should be."""
    seen = glance(run)
    if seen.mistaken:
        return f"✗ {seen.mistaken} gradients wrong"
    if seen.shared:
        return f"✗ {seen.shared} {'bias' if seen.shared == 1 else 'biases'} off"
    return f"✓ {seen.parameters} gradients"
