"""A weight set by hand changes what the stage shows of the present epoch, and nothing else."""

from nets import Config, Epochs, Parameter
from nets.figures.loss_chart import loss_lines
from nets.page.stage.messages import message_for
from nets.page.stage.state import StageState
from nets.page.visitor.by_hand import set_parameters
from nets.page.visitor.session import Session
from nets.page.visitor.undo import undo


def last_frame(session, shown):
    return message_for(session, shown, 0, logarithmic=False)["frames"][-1]


def test_the_chart_shows_the_loss_of_the_changed_network_and_after_undo_the_old_one():
    session, shown = Session.of(Config()), StageState()
    session.do(Epochs(5))
    last_frame(session, shown)
    before = session.run
    set_parameters(session, [Parameter("w1[0, 0]", 3.0)])
    changed = last_frame(session, shown)
    assert changed["changes"]["loss_chart"] == loss_lines(session.run.history.loss)
    assert changed["texts"]["loss"] == f"{session.run.loss:#.6g}"
    session.step_epoch()
    extended = last_frame(session, shown)["changes"]["loss_chart"]["extend"]
    assert extended["lines"]["loss"]["x"] == [6]
    undo(session)
    undo(session)
    assert session.run.loss == before.loss
    assert last_frame(session, shown)["changes"]["loss_chart"] == loss_lines(before.history.loss)


def test_many_values_of_one_drag_are_one_change():
    session = Session.of(Config())
    first = session.run.network.parameters.clone()
    for number in range(9):
        set_parameters(session, [Parameter("b1[0]", number)], joined=number > 0)
    assert session.recipe.events == (Parameter("b1[0]", 8),)
    undo(session)
    assert session.run.network.parameters.equal(first)
