"""The connection: when it drops, the run is still there."""

import re

import pytest


class Line:
    """The connection between page and server, which can be cut."""

    def __init__(self):
        self.connections = []

    def lay(self, page):
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def _connect(self, browser_end):
        self.connections.append((browser_end, browser_end.connect_to_server()))

    def cut(self, page):
        count = len(self.connections)
        for end in self.connections[-1]:
            end.close()
        while len(self.connections) == count:
            page.wait_for_timeout(100)


@pytest.fixture
def line():
    return Line()


def test_a_dropped_connection_comes_back_to_the_same_epoch(visit, line):
    visitor = visit("?sizes=4-6-2", prepare=line.lay)
    visitor.step(3)
    loss, edges = visitor.loss, visitor.edges()
    line.cut(visitor.page)
    visitor.page.wait_for_timeout(1000)
    visitor.settle()
    assert (visitor.epoch, visitor.loss, visitor.edges()) == (3, loss, edges)
    visitor.step()
    assert [epoch for epoch, _ in visitor.loss_line()] == [0, 1, 2, 3, 4]


def test_playing_goes_on_after_the_connection_dropped(visit, line):
    visitor = visit(prepare=line.lay)
    visitor.click("play")
    visitor.wait_for_epoch(20)
    line.cut(visitor.page)
    dropped_at = visitor.epoch
    visitor.wait_for_epoch(dropped_at + 60)
    visitor.click("play")
    visitor.settle()
    epochs = [epoch for epoch, _ in visitor.loss_line()]
    assert epochs == list(range(visitor.epoch + 1))
    assert all("disconnected from server" in fault for fault in visitor.faults)
    visitor.faults.clear()
