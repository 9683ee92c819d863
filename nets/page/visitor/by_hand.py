"""By hand: weights and biases that a visitor sets."""

from nets.config import Config
from nets.page.visitor.session import Session
from nets.training.recipe import Parameter, Recipe, Values

KEPT_WITH = ("sizes", "seed", "first_weights", "data")


def set_parameters(session: Session, values: Values, *, joined: bool = False) -> None:
    """Set weights and biases in the present epoch; it is one change, which can be undone.

    Args:
        session: of the visitor.
        values: what to set.
        joined: whether this belongs to the last change, as while a line is dragged.

    Raises:
        ValueError: if the network has no such parameter, or if the loss would not be finite.
    """
    with session.in_order():
        session.require_trainable()
        recorded = session.recorded.with_parameters(values)
        if not joined:
            session.note()
        session.playing, session.stop, session.stopped = False, None, False
        session.pending.clear()
        session.recorded = recorded
        walk = session.walk and session.walk.from_start(recorded.run)
        session.walk = walk if walk is None or walk.is_finite else None
        session.arrive(session.now)


def kept_values(recipe: Recipe, config: Config) -> tuple[Parameter, ...]:
    """List the first weights set by hand that a new run keeps: those of the same network."""
    same = all(getattr(recipe.config, name) == getattr(config, name) for name in KEPT_WITH)
    return recipe.set_at_first if same else ()
