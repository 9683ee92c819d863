"""Pictures of predictions in the browser: they follow the network, and a chosen one is large."""

IMAGE = "() => document.querySelector('.st-key-map .imagelayer image').href.baseVal"
FILLS = """() => [...document.querySelectorAll('.st-key-diagram .scatterlayer .points path')]
  .map((mark) => mark.style.fill).filter((fill) => fill.includes('url')).length"""
PLACE = """(name) => {
  const plot = document.querySelector('.st-key-diagram');
  const traces = [...plot.querySelectorAll('.scatterlayer .trace')];
  const { ids } = plot.data.find((trace) => trace.name === 'neurons');
  const neurons = traces.find((one) => plot.data[one.__data__[0].trace.index].ids === ids);
  const { x, y, width, height } =
    neurons.querySelectorAll('.points path')[ids.indexOf(name)].getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""
TITLE = "() => document.querySelector('.st-key-map').layout.annotations[0].text"


def test_the_map_changes_with_every_step_and_each_neuron_has_its_own(visit):
    visitor = visit("?data=circle")
    seen = [visitor.page.evaluate(IMAGE)]
    for _ in range(3):
        visitor.step()
        visitor.settle()
        seen.append(visitor.page.evaluate(IMAGE))
    assert len(set(seen)) == 4
    assert visitor.page.evaluate(FILLS) == 7
    assert "At epoch 3" in visitor.element("map").get_attribute("aria-label")


def test_a_chosen_neuron_s_map_is_large_until_it_is_chosen_again(visit):
    visitor = visit("?data=circle")
    assert visitor.page.evaluate(TITLE) == "output ŷ<sub>1</sub>"
    for title in ("hidden neuron h<sub>1</sub>", "output ŷ<sub>1</sub>"):
        visitor.page.mouse.move(*visitor.page.evaluate(PLACE, "a1[0]"))
        visitor.page.wait_for_timeout(300)
        visitor.page.mouse.down()
        visitor.page.mouse.up()
        visitor.page.wait_for_function(f"title => ({TITLE})() === title", arg=title)
        visitor.settle()


def test_the_notebook_s_page_has_no_map_until_it_is_switched_on(visit):
    visitor = visit("?sizes=2-3-1")
    assert not visitor.element("map").is_visible()
    visitor.click("view")
    visitor.page.locator(".st-key-show_map label").click()
    visitor.element("map", ".main-svg").first.wait_for()
    visitor.settle()
    assert visitor.page.evaluate(TITLE) == "output ŷ<sub>1</sub>"


def test_a_button_leads_from_the_map_of_a_neuron_back_to_that_of_the_output(visit):
    visitor = visit("?data=xor")
    back = visitor.page.get_by_role("button", name="Back to the output’s map")
    assert not back.is_visible()
    visitor.choose("part_kind", "Neuron")
    back.click()
    back.wait_for(state="hidden")
    visitor.element("map").get_by_text("output").first.wait_for()
