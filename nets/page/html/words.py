"""Words: explanations of the glossary as help texts, next to words in HTML, and as a list.

An explanation in HTML appears when its word is pointed at, focused or tapped. The style sheet does
that, without a script.
"""

from html import escape

from nets.lessons.glossary import GLOSSARY, WORDS
from nets.lessons.words import Word
from nets.page.html.text import as_markdown

NOTEBOOK = "the notebook"


def help_text(word: str, *chosen: str) -> str:
    """Write the explanation of a word, and below it those of chosen things, as Markdown.

    If one of them mentions the notebook, what the notebook is comes last.
    """
    others = [WORDS[name] for name in chosen if name in WORDS]
    first = WORDS[word].explanation
    if any("notebook" in text for text in (first, *(one.explanation for one in others))):
        others += [] if NOTEBOOK in (word, *chosen) else [WORDS[NOTEBOOK]]
    parts = [as_markdown(first)]
    parts += [f"**{as_markdown(one.word)}**: {as_markdown(one.explanation)}" for one in others]
    return "\n\n".join(parts)


def help_on_notebook(text: str) -> str | None:
    """Say what the notebook is, if a text mentions it; otherwise there is nothing to explain."""
    return help_text(NOTEBOOK) if "notebook" in text.lower() else None


def explained(word: str, shown: str, classes: str = "") -> str:
    """Write HTML that is shown for a word, with its explanation."""
    name = "about-" + "-".join(word.split())
    return (
        f'<span class="explained {classes}">'
        f'<button type="button" aria-describedby="{name}">{shown}</button>'
        f'<span role="tooltip" id="{name}">{_written(WORDS[word])}</span></span>'
    )


def _written(word: Word) -> str:
    formula = f"<b>{escape(word.formula)}</b><br>" if word.formula else ""
    return f"{formula}{escape(word.meaning)}"


def glossary() -> str:
    """Write all words with their explanations."""
    groups = (
        f"<h3>{escape(title)}</h3><dl>"
        + "".join(f"<dt>{escape(one.word)}</dt><dd>{_written(one)}</dd>" for one in words)
        + "</dl>"
        for title, words in GLOSSARY.items()
    )
    return f'<div class="glossary">{"".join(groups)}</div>'
