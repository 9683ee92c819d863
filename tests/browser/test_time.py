"""A run on the page is never lost: it can be undone and done again."""


def test_ctrl_z_undoes_what_was_done_and_the_sidebar_follows(visit):
    visitor = visit("?data=xor&steps=50")
    visitor.wait_for_text("epoch", "50")
    loss = visitor.loss
    visitor.choose("data", "Iris")
    visitor.step()
    for _ in range(2):
        visitor.page.keyboard.press("Control+z")
        visitor.settle()
    visitor.wait_for_text("epoch", "50")
    assert visitor.loss == loss
    assert visitor.element("n_input", "input").input_value() == "2"
    assert "XOR" in visitor.element("data", "[role=combobox]").input_value()
    for _ in range(2):
        visitor.page.keyboard.press("Control+Shift+Z")
        visitor.settle()
    visitor.wait_for_text("epoch", "1")
    assert visitor.element("n_input", "input").input_value() == "4"
    assert [epoch for epoch, _ in visitor.loss_line()] == [0, 1]
    assert visitor.element("redo", "button").is_disabled()
