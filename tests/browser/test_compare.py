"""The panel Compare in the browser: a click on a point of the chart."""


def test_a_click_on_a_point_of_the_chart_makes_that_network_the_run(visit):
    visitor = visit("?data=xor")
    visitor.show_panel("Compare")
    visitor.click("sweep")
    point = visitor.page.locator(".chart .points path").nth(3)
    point.wait_for()
    visitor.settle()
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    visitor.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    rate = "document.querySelector('.st-key-learning_rate input').value"
    visitor.page.wait_for_function(f"{rate} === '0.0562'")
    visitor.wait_for_epoch(100)
