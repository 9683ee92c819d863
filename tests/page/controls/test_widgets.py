"""A popover is drawn only while it is open, and keeps its values while it is closed."""

from visiting import open_train_box, train, type_into, visitor, work_on

from nets.page.stage.transport import train_box


def set_box(page, key, is_open):
    page.session_state[key] = is_open
    page.run()


def test_a_closed_box_has_no_widgets_and_keeps_its_values(page):
    keys = {"log_loss", "compare"}
    assert not keys & {toggle.key for toggle in page.toggle}
    set_box(page, "view", True)
    page.toggle(key="log_loss").set_value(True).run()
    page.session_state["colour_by"] = "gradient"
    set_box(page, "view", False)
    page.button(key="step_epoch").click().run()
    page.button(key="step_epoch").click().run()
    assert not page.exception
    assert page.session_state["log_loss"] is True
    set_box(page, "view", True)
    assert page.toggle(key="log_loss").value is True
    assert page.session_state["colour_by"] == "gradient"


def test_the_box_of_training_closes_when_training_begins_and_keeps_its_number(page):
    open_train_box(page)
    type_into(page, "train_epochs", 30)
    page.button(key="train").click().run()
    assert "train" not in {button.key for button in page.button}
    work_on(page)
    open_train_box(page)
    assert page.text_input(key="train_epochs").value == "30"


def test_a_browser_that_still_calls_the_box_of_training_open_does_not_open_it(page):
    before = train_box(visitor(page))
    train(page, 2)
    set_box(page, before, True)
    page.button(key="step_epoch").click().run()
    assert "train" not in {button.key for button in page.button}
