"""The slider under the loss chart shows earlier epochs."""

LINE = "document.querySelector('.st-key-loss_chart').data.find(({name}) => name === 'loss').x"


def move_to(visitor, epoch):
    visitor.page.locator(".st-key-time input").fill(str(epoch))
    visitor.wait_for_text("epoch", str(epoch))
    visitor.settle()


def test_the_slider_shows_an_earlier_epoch_and_training_from_there_makes_it_the_run(visit):
    visitor = visit("?data=xor")
    visitor.step(6)
    losses = {6: visitor.element("loss", "output").inner_text()}
    move_to(visitor, 2)
    assert visitor.page.evaluate(LINE) == [*range(7)]
    assert visitor.element("loss", "output").inner_text() != losses[6]

    visitor.element("time", "button").click()
    visitor.wait_for_text("epoch", "6")
    visitor.settle()
    assert visitor.element("loss", "output").inner_text() == losses[6]

    move_to(visitor, 2)
    visitor.click("step_epoch")
    visitor.wait_for_text("epoch", "3")
    visitor.settle()
    assert visitor.page.evaluate(LINE) == [*range(4)]
