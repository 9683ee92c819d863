"""The gradient check and the loss floor, as a class sees them."""

from nets import Config, check_gradients, start
from nets.analysis.verdict import summarize
from nets.engine.compatibility import lowest_loss


def verdict(visitor):
    return visitor.element("verdict", "h3").inner_text()


def test_the_verdict_follows_the_bias_update(visit):
    visitor = visit("?seed=2")
    visitor.show_panel("Gradient check")
    wrong = summarize(check_gradients(start(Config(seed=2)))).uphill
    assert wrong
    assert "3 of 4 biases do not follow their gradient" in verdict(visitor)
    assert f"; {len(wrong)} move" in verdict(visitor)
    assert visitor.table(0)[0][-1] == "✗ wrong direction"

    visitor.choose("bias_rule", "gradient (standard)")
    visitor.page.get_by_text("All 22 gradients agree").wait_for()
    visitor.step(2)
    visitor.settle()
    assert verdict(visitor) == "✓ All 22 gradients agree"
    assert {row[-1] for row in visitor.table(0)} == {"✓ agrees"}


def test_the_verdict_is_large_enough_for_the_back_of_a_room(visit):
    visitor = visit(width=1920, height=1080)
    visitor.show_panel("Gradient check")
    size = visitor.page.evaluate(
        "() => parseFloat(getComputedStyle(document.querySelector('.st-key-verdict h3')).fontSize)"
    )
    assert size >= 28


def test_the_floor_is_drawn_in_the_loss_chart_and_stays_while_it_trains(visit):
    visitor = visit("?seed=2")
    run = start(Config(seed=2))
    floor = lowest_loss(run.data.targets, "sigmoid", "SquaredError")
    visitor.step(3)
    lines = "() => document.querySelector('.st-key-loss_chart').layout.shapes.map(s => s.y0)"
    assert set(visitor.page.evaluate(lines)) == {floor}  # a line, and its words
    chart = visitor.element("loss_chart")
    assert "best possible loss" in chart.inner_text()
    assert f"The loss cannot fall below {floor:.4g}" in chart.get_attribute("aria-label")
    low, high = visitor.page.evaluate(
        "() => document.querySelector('.st-key-loss_chart')._fullLayout.yaxis.range"
    )
    assert low == 0
    assert high < 1.2 * visitor.loss_line()[0][1]
