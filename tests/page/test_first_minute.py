"""The first minute: what greets a newcomer, and what the first Play ends in."""

import pytest
from visiting import arrive, arrive_as_newcomer, visitor

from nets import Config
from nets.presets import PRESETS


def test_only_the_bare_address_greets_with_xor():
    assert visitor(arrive_as_newcomer()).run.config == PRESETS["xor"]


@pytest.mark.parametrize("query", [{"data": "notebook"}, {"seed": "0"}, {"steps": "1"}])
def test_an_address_with_any_word_opens_what_it_asks_for(query):
    assert visitor(arrive(**query)).run.config == Config()
