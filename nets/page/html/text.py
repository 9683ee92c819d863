"""Text: what others wrote is shown as they typed it, and never read as markup.

Others write the address of the page, names of columns, classes and files, and what a field takes.
Every sentence with such a part passes through here on its way to Streamlit's Markdown. In HTML
and in Plotly's pictures `plain` of `nets.figures.colours` does it, or `html.escape`.
"""

import re

# What begins or ends a construct of Markdown, wherever it is in a line, or at its beginning.
ANYWHERE = re.compile(r"([\\`*\[\]<>$~{}|]|&(?=[#\w])|(?<![^\W_])_|_(?![^\W_]))")
AT_THE_BEGINNING = re.compile(r"^(\d*)([-+#=.)])")
# What Streamlit replaces after the Markdown is read, where a backslash does not help: emoji and
# icons (:tada:), addresses (https://, www., a@b) and arrows (-> <- --). A word joiner, which is
# invisible, divides them.
LATER = re.compile(r"(?<=:)(?=\S)|(?<=www)(?=\.)|(?<=\S)(?=@)|(?<=<)(?=-)|(?<=-)(?=[->])", re.I)
WORD_JOINER = "\N{WORD JOINER}"


def as_markdown(text: str) -> str:
    """Escape text, so that Streamlit's Markdown shows it unchanged in one line."""
    divided = LATER.sub(WORD_JOINER, " ".join(text.split()))
    return AT_THE_BEGINNING.sub(r"\1\\\2", ANYWHERE.sub(r"\\\1", divided))


def as_code(text: str) -> str:
    """Write text as a piece of code in Streamlit's Markdown."""
    text = " ".join(text.split())
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
