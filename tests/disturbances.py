"""Disturbances: what can happen to a page in a classroom while somebody uses it."""

import re
from contextlib import contextmanager

DROPPED = "disconnected from server"  # what Streamlit reports while there is no connection

# Playwright keeps every tab visible. This script does what a browser does to a hidden tab.
HIDING = """
() => {
  const waiting = [], frame = window.requestAnimationFrame, later = window.setTimeout;
  let hidden = false;
  Object.defineProperty(document, 'hidden', { get: () => hidden });
  Object.defineProperty(document, 'visibilityState', { get: () => hidden ? 'hidden' : 'visible' });
  window.requestAnimationFrame = (paint) => hidden ? waiting.push(paint) : frame(paint);
  window.setTimeout = (act, wait, ...rest) =>
    later(act, hidden ? Math.max(1000, wait ?? 0) : wait, ...rest);
  window.hide = (now) => {
    hidden = now;
    document.dispatchEvent(new Event('visibilitychange'));
    if (!hidden) waiting.splice(0).forEach((paint) => frame(paint));
  };
}
"""

WATCHING = """
() => {
  window.epochs = [];
  const epoch = document.querySelector('.st-key-epoch output');
  const everything = { childList: true, characterData: true, subtree: true };
  const note = () => window.epochs.push(Number(epoch.textContent));
  note();
  new MutationObserver(note).observe(epoch, everything);
}
"""

# Counts how often a picture is taken out of the page.
WATCH_REMOVALS = """
() => {
  window.removals = 0;
  const picture = (node) => node.matches?.('.main-svg') || node.querySelector?.('.main-svg');
  new MutationObserver((changes) => {
    for (const { removedNodes } of changes)
      window.removals += [...removedNodes].filter(picture).length;
  }).observe(document.querySelector('.stMain'), { subtree: true, childList: true });
}
"""


class Line:
    """The connection between page and server, which can be cut."""

    def __init__(self):
        self.connections = []
        self.questions = []  # what the stage has asked the server
        self.dead = False  # whether messages of the page are lost, before the page notices it
        self.lost = 0  # how many messages of the page were lost
        self.slow = None  # messages of the server that are held back, if any are

    def lay(self, page):
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def _connect(self, browser_end):
        server_end = browser_end.connect_to_server()
        self.connections.append((browser_end, server_end))
        browser_end.on_message(lambda message: self._pass_on(message, server_end))
        server_end.on_message(lambda message: self._answer(message, browser_end))

    def _pass_on(self, message, server_end):
        asked = re.findall(rb'"event":"(\w+)"', message if isinstance(message, bytes) else b"")
        self.questions += [name.decode() for name in asked]
        if self.dead:
            self.lost += 1
        else:
            server_end.send(message)

    def _answer(self, message, browser_end):
        if self.slow is None:
            browser_end.send(message)
        else:
            self.slow.append((message, browser_end))

    @contextmanager
    def losing(self, page):
        """Lose the messages of the page, and wait until one was lost."""
        self.dead, self.lost = True, 0
        yield
        while not self.lost:
            page.wait_for_timeout(20)

    @contextmanager
    def kept_back(self):
        """Hold the messages of the server back, and then send all of them to the page at once."""
        self.slow = []
        yield
        kept, self.slow = self.slow, None
        for message, browser_end in kept:
            browser_end.send(message)

    def drop(self):
        """Cut the present connection; the next one works again."""
        self.dead = False
        for end in self.connections[-1]:
            end.close()

    def cut(self, page):
        """Cut the connection, and wait until the page has a new one."""
        count = len(self.connections)
        self.drop()
        self.wait_for(page, count + 1)

    def wait_for(self, page, count):
        """Wait until there have been this many connections."""
        while len(self.connections) < count:
            page.wait_for_timeout(100)


def hidable(page):
    """Prepare a page so that it can be hidden."""
    page.add_init_script(f"({HIDING})()")


@contextmanager
def hidden(page):
    """Hide a page, as if another tab were in front of it."""
    page.evaluate("hide(true)")
    yield
    page.evaluate("hide(false)")


@contextmanager
def asleep(page):
    """Stop the scripts of a page, as when the lid of a laptop is closed."""
    browser = page.context.new_cdp_session(page)
    browser.send("Debugger.enable")
    browser.send("Debugger.pause")
    yield
    browser.send("Debugger.disable")
    browser.detach()


def watch_epochs(page):
    """Record every epoch that is shown from now on."""
    page.evaluate(WATCHING)


def epochs_seen(page):
    """Return the epochs that were shown, in order."""
    seen = page.evaluate("window.epochs")
    return [epoch for at, epoch in enumerate(seen) if at == 0 or epoch != seen[at - 1]]
