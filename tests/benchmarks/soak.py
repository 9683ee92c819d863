"""A mixed soak: twenty visitors do anything at random for five minutes; nothing may pile up.

    python tests/benchmarks/soak.py [--visitors 20] [--seconds 300] [--seed 0]

Each visitor clicks, chooses, plays, trains, walks, opens panels, brings files, undoes, keeps runs,
trains networks side by side, drags weights and the slider of epochs, leaves and comes back, and
waits a moment now and then, as people do. Printed are the memory and the threads of the
server every half minute. At the end nothing may be left unanswered but what was asked of a panel
that is gone, the log may hold no exception, and the memory must be where it was after the first
minute.
"""

import argparse
import random
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from benchmarks.served import PAGE, served  # noqa: E402
from websocket_client import forged, visiting  # noqa: E402

QUERIES = (
    "",
    "data=xor",
    "data=spiral",
    "data=iris",
    "data=digits",
    "sizes=16-32-32-8&examples=50",
)
SIDEBAR = (
    "seed", "n_hidden", "learning_rate", "examples", "batch_size", "data", "hidden_activation",
    "output_activation", "loss_function", "optimizer", "first_weights", "bias_rule", "add_layer",
    "remove_layer", "new_weights", "new_sample",
)  # fmt: skip
PATIENCE = 20  # seconds, after which a deed counts as unanswered
GROWTH = 60  # megabytes from the end of the first minute on
PAUSE = 0.5  # seconds between two deeds, on average
FILE = b"x1,x2,y\n" + b"".join(b"%d,%d,%d\n" % (n % 7, n % 11, n % 2) for n in range(5000))


class Person:
    """One visitor, who does things at random until time is up."""

    def __init__(self, server, seed, ended):
        self.server, self.chance, self.ended = server, random.Random(seed), ended
        self.done, self.unanswered = Counter(), []

    def live(self):
        """Visit again and again."""
        while time.monotonic() < self.ended:
            with visiting(self.server.address, self.chance.choice(QUERIES)) as self.visitor:
                self.page = self.visitor.page
                for _ in range(self.chance.randint(5, 60)):
                    if time.monotonic() > self.ended:
                        break
                    self._do_something()
                    time.sleep(self.chance.expovariate(1 / PAUSE))

    def _do_something(self):
        deed = self.chance.choice(DEEDS)
        self.done[deed.__name__] += 1
        try:
            deed(self)
        except TimeoutError as error:
            self.unanswered.append(f"{deed.__name__}: {error}")

    def ask(self, *states, fragment):
        """Send widgets' states, and wait for the end of a run."""
        self.visitor.ask(*states, fragment=fragment, seconds=PATIENCE)

    def set(self, key, value):
        """Set a widget, if it is on the page."""
        if key in self.page.on_page():
            self.ask(self.page.state(key, value), fragment=self.page.widgets[key].fragment)


def step(person):
    person.set("step_epoch", True)


def walk(person):
    for _ in range(person.chance.randint(1, 8)):
        person.set("step_phase", True)


def go_back(person):
    """Undo and redo several times, or reset."""
    for _ in range(person.chance.randint(1, 5)):
        person.set(person.chance.choice(("step_back", "step_back", "redo")), True)
    if person.chance.random() < 0.2:
        person.set("reset", True)


def play(person):
    """Play at some speed for a while, then pause."""
    speed = person.page.widgets["speed"].proto.options
    person.set("speed", person.chance.choice(list(speed)))
    person.set("play", True)
    ended = time.monotonic() + person.chance.uniform(0.2, 3)
    while person.page.stage.get("playing") and time.monotonic() < ended:
        person.ask(person.page.more(), fragment=person.page.widgets["stage"].fragment)
    if person.page.stage.get("playing"):
        epoch = person.page.stage["frames"][-1]["number"]
        pause = person.page.event("pause", epoch)
        person.ask(pause, fragment=person.page.widgets["stage"].fragment)


def train(person):
    """Train some epochs, and stop now and then."""
    box = next(key for key in person.page.on_page() if key.startswith("train_box"))
    person.set(box, True)
    person.set("train_epochs", person.chance.choice((10, 1000, 100_000)))
    person.set("train", True)
    ended = time.monotonic() + person.chance.uniform(0.2, 3)
    while person.page.stage.get("more") and time.monotonic() < ended:
        person.ask(person.page.more(), fragment=person.page.widgets["stage"].fragment)
    person.set("stop", True)


def open_a_panel(person):
    panels = [option.content for option in person.page.widgets["panel"].proto.options]
    person.set("panel", [person.chance.choice(panels)])


def keep_or_return(person):
    """Keep the run, or return to a kept one, or remove it."""
    person.set("panel", ["Compare"])
    runs = [key for key in person.page.on_page() if key.startswith(("return_", "remove_"))]
    person.set(person.chance.choice(["keep_run", "keep_run", *runs]), True)


def sweep(person):
    """Train networks side by side; stop some, and leave others at work."""
    person.set("panel", ["Compare"])
    person.set("sweep_epochs", person.chance.choice((10, 100, 3000)))
    person.set("sweep", True)
    person.set("stop_sweep", True)
    person.set("use_trial", True)


def travel(person):
    """Drag the slider of epochs, and perhaps continue from there."""
    last = person.page.stage["last"]
    for end in (False, False, True):
        wish = {"epoch": person.chance.randint(0, last), "end": end}
        scrub = person.page.event("scrub", wish)
        person.ask(scrub, fragment=person.page.widgets["stage"].fragment)


def drag(person):
    """Drag a weight."""
    for joined in (False, True, True):
        value = person.chance.uniform(-3, 3)
        setting = {"name": "w1[0, 0]", "value": value, "joined": joined}
        event = person.page.event("set", setting)
        person.ask(event, fragment=person.page.widgets["stage"].fragment)


def select(person):
    """Click something in the diagram."""
    name = person.chance.choice(("w1[0, 0]", "b1[0]", "a0[0]", "a1[0]", "w2[0, 0]"))
    person.ask(person.page.event("select", name), fragment=person.page.widgets["stage"].fragment)


def change_the_sidebar(person):
    """Change a field or a list of the sidebar, to something that may not fit."""
    key = person.chance.choice(SIDEBAR)
    if key not in person.page.on_page():
        return
    widget = person.page.widgets[key]
    if widget.kind == "selectbox":
        person.set(key, person.chance.choice(list(widget.proto.options)))
    elif widget.kind == "button":
        person.set(key, True)
    else:
        person.set(key, person.chance.choice((0.01, 0.1, 1, 2, 5, 20, 100)))


def turn_a_widget(person):
    """Click or change anything at all that is on the page, a panel's widgets too."""
    key = person.chance.choice([key for key in person.page.on_page() if key != "train"])
    widget = person.page.widgets[key]
    match widget.kind:
        case "button":
            person.set(key, True)
        case "checkbox" | "popover":
            person.set(key, person.chance.random() < 0.5)
        case "selectbox" if widget.proto.options:
            person.set(key, person.chance.choice(list(widget.proto.options)))


def bring_a_file(person):
    """Choose own data, upload a file and use it."""
    options = person.page.widgets["data"].proto.options
    person.set("data", options[-1])
    if "own_file" not in person.page.on_page():
        return
    person.visitor.upload(FILE, file_id="soak")
    file = {"file_id": "soak", "name": "soak.csv", "size": len(FILE)}
    widget = person.page.widgets["own_file"]
    person.page.files["own_file"] = forged(widget.id, "file_uploader_state_value", file)
    person.ask(fragment=widget.fragment)
    person.set("use_own", True)


DEEDS = (
    step, step, step, walk, go_back, play, play, train, open_a_panel, open_a_panel, select,
    change_the_sidebar, change_the_sidebar, turn_a_widget, bring_a_file, keep_or_return, sweep,
    travel, drag,
)  # fmt: skip


def main():
    """Hold the soak; print what came of it."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--visitors", type=int, default=20)
    arguments.add_argument("--seconds", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=0)
    chosen = arguments.parse_args()
    with ExitStack() as stack:
        log = Path(stack.enter_context(TemporaryDirectory())) / "log"
        server = stack.enter_context(served(PAGE, log=log))
        begun, ended = time.monotonic(), time.monotonic() + chosen.seconds
        people = [Person(server, chosen.seed + n, ended) for n in range(chosen.visitors)]
        threads = [threading.Thread(target=person.live, daemon=True) for person in people]
        for thread in threads:
            thread.start()
        report(server, people, watch(server, begun, threads))


def watch(server, begun, threads):
    """Print memory and threads every half minute until everybody has left; return the memory."""
    readings = []
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        if (spent := time.monotonic() - begun) >= 30 * (len(readings) + 1):
            readings.append(server.memory())
            print(f"{spent:6.0f} s {readings[-1]:8.0f} MB {server.threads():5} threads", flush=True)
    return readings


def report(server, people, readings):
    """Say whether the soak has gone well."""
    deeds = sum((person.done for person in people), Counter())
    unanswered = [line for person in people for line in person.unanswered]
    print(f"deeds: {sum(deeds.values())} ({', '.join(f'{n} {name}' for name, n in deeds.items())})")
    print(f"unanswered: {len(unanswered)}", *unanswered[:5], sep="\n    ")
    errors = server.errors()
    print(f"exceptions in the log: {len(errors)}", *errors[:5], sep="\n    ")
    growth = server.memory() - readings[1] if len(readings) > 1 else 0
    verdict = "yes" if growth <= GROWTH else "NO"
    print(
        f"peak {server.memory_at_most():.0f} MB, at the end {server.memory():.0f} MB: "
        f"{growth:+.0f} MB since the first minute, goal {GROWTH}: {verdict}"
    )


if __name__ == "__main__":
    main()
