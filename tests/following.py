"""What the browser's script does with figures, changes and messages, in Python."""

from nets.figures.changes import diagram_change
from nets.figures.diagram import skeleton
from nets.figures.edges import BINS, FIRST
from nets.page.stage.messages import message_for


def draw_diagram(style, numbers):
    """Draw a whole diagram: its skeleton, and what follows the numbers."""
    return apply_change(skeleton(style), diagram_change(style, numbers))


def apply_change(figure, change):
    """Change a figure in place, and return it."""
    layout = figure["layout"]
    for name, columns in change.get("traces", {}).items():
        (trace,) = (trace for trace in figure["data"] if trace["name"] == name)
        for path, column in columns.items():
            put(trace, path, column)
    for path, column in change.get("shapes", {}).items():
        for shape, value in zip(layout["shapes"], column, strict=False):  # the selected one is last
            put(shape, path, value)
    for image, source in zip(layout.get("images", []), change.get("images", []), strict=False):
        image["source"] = source
    if "pictures" in change:
        figure["pictures"] = change["pictures"]
    if "codes" in change:
        for number in range(2 * BINS):
            pairs = zip(figure["segments"], change["codes"], strict=True)
            path = "".join(segment for segment, code in pairs if code == chr(ord(FIRST) + number))
            layout["shapes"][number]["path"] = path or "M0 0"
    return figure


def put(target, path, value):
    *parents, last = path.split(".")
    for parent in parents:
        target = target.setdefault(parent, {})
    target[last] = value


class Browser:
    """What the stage's script does with a message, in Python."""

    def __init__(self):
        self.diagram = self.chart = self.map = self.foreseen = None
        self.ahead = {}

    def receive(self, message):
        frames, self.ahead = list(message["frames"]), message["ahead"]
        if message["figures"]:
            figures = message["figures"]
            self.diagram, self.chart = figures["diagram"], figures["loss_chart"]
            self.map = figures.get("map")
        elif self.foreseen:
            assert frames.pop(0)["foreseen"] == self.foreseen
        self.foreseen = None
        for frame in frames:
            self.paint(frame)

    def click(self, button):
        """Paint the result of a click, if it is known, before the server hears of the click."""
        if button in self.ahead:
            self.paint(self.ahead[button])
            self.foreseen, self.ahead = button, {}

    def paint(self, frame):
        apply_change(self.diagram, frame["changes"]["diagram"])
        if self.map:
            apply_change(self.map, frame["changes"].get("map", {}))
        change = frame["changes"].get("loss_chart", {})
        apply_change(self.chart, change)
        line = change.get("extend")
        for name, more in (line["lines"] if line else {}).items():
            (drawn,) = (trace for trace in self.chart["data"] if trace["name"] == name)
            self.end_at(drawn, line["after"])
            drawn["x"] += more["x"]
            drawn["y"] += more["y"]
        self.texts = frame["texts"]

    def end_at(self, drawn, last):
        """Remove the points of a line after a place; the line must then end there."""
        x, y = drawn["x"], drawn["y"]
        while x[-1] > last:
            x.pop()
            y.pop()
        assert x[-1] == last


def tell(browser, session, shown, **options):
    message = message_for(session, shown, 40, logarithmic=False, **options)
    browser.receive(message)
    return message
