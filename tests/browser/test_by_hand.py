"""A weight is dragged on its line in the diagram; a drag is one change."""

from tests.browser.test_input import EDGE


def test_dragging_a_line_sets_its_weight_and_undo_takes_the_whole_drag_back(visit):
    visitor = visit("?data=notebook")
    page, loss = visitor.page, visitor.element("loss", "output")
    page.evaluate(EDGE)
    x, y = page.evaluate("window.spot")
    page.mouse.move(x, y)
    page.locator(".st-key-diagram .hoverlayer .hovertext").first.wait_for()
    before = loss.inner_text()
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x, y - 10 * step)
    said = page.locator("output.dragged").inner_text()
    page.mouse.up()
    field = page.locator(".st-key-set_parameter input")
    final = said.split(" = ")[1].replace("−", "-")
    page.wait_for_function(
        "value => document.querySelector('.st-key-set_parameter input')?.value === value", arg=final
    )
    assert field.is_visible()
    assert loss.inner_text() != before
    visitor.settle()
    visitor.click("step_back")
    page.wait_for_function(
        "text => document.querySelector('.st-key-loss output').textContent === text", arg=before
    )
