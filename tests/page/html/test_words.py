"""Words: every function that can be chosen is explained, and explanations are plain text."""

import re
from html import unescape

import pytest

from nets.engine.activations import ACTIVATIONS
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.losses import LOSSES
from nets.engine.optimizers import OPTIMIZERS
from nets.engine.softmax import FOR_OUTPUTS
from nets.lessons.glossary import GLOSSARY, WORDS
from nets.page.html.words import NOTEBOOK, explained, glossary, help_text
from nets.page.panels.panels import PANELS, SHORT


def titles():
    """Return every function that a list of the page offers, as it is written there."""
    named = [*ACTIVATIONS, *FOR_OUTPUTS, *LOSSES]
    return [*named, *(row.title for row in (*OPTIMIZERS.values(), *FIRST_WEIGHTS.values()))]


@pytest.mark.parametrize("title", titles())
def test_every_function_that_can_be_chosen_has_an_explanation(title):
    assert WORDS[title].meaning.endswith(".")


def test_every_word_is_explained_once_in_sentences():
    listed = unescape(glossary())
    words = [word for group in GLOSSARY.values() for word in group]
    assert len({word.word for word in words}) == len(words)
    for word in words:
        assert word.meaning.endswith("."), word
        assert word.meaning in listed, word
        assert word.formula in listed, word


def test_a_help_text_explains_the_word_and_what_is_chosen():
    text = help_text("loss", "BCELoss")
    assert WORDS["loss"].meaning in text
    assert "**BCELoss**" in text


def test_a_word_in_html_is_described_by_its_explanation():
    html = explained("learning rate", "<small>rate</small>")
    (described,) = re.findall(r'aria-describedby="([^"]+)"', html)
    assert f'id="{described}"' in html
    assert WORDS["learning rate"].formula in html


def test_a_help_text_that_mentions_the_notebook_says_what_it_is():
    for word in WORDS.values():
        said = WORDS[NOTEBOOK].meaning in help_text(word.word)
        assert said == ("notebook" in word.explanation or word.word == NOTEBOOK), word
    assert help_text("optimiser", NOTEBOOK).count(WORDS[NOTEBOOK].meaning) == 1


def test_sentences_call_a_panel_as_its_tab_does():
    said = " ".join(word.explanation for word in WORDS.values())
    mentioned = set(re.findall(r"panel (Gradient check|[A-Z]\w+)", said))
    assert mentioned
    assert mentioned <= {SHORT.get(name, name) for name in PANELS}
