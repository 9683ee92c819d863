"""Notebook: a run as a Jupyter notebook, step by step, with the page's numbers at its end."""

import json
from typing import Any

from nets.sharing.chapters import write_chapters
from nets.training.recipe import Recipe
from nets.training.run import Run

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def to_notebook(recipe: Recipe, run: Run | None = None) -> str:
    """Write a Jupyter notebook (nbformat 4.5) that repeats a run with torch alone.

    It takes the four steps one by one, then trains as the recipe says, draws the loss and compares
    the parameters with the page's: bit for bit, but silu and softplus under the notebook's bias
    update within rounding. Own data are inside it.

    Args:
        recipe: of the run.
        run: what `replay(recipe)` gives, where it is known already.
    """
    cells: list[dict[str, Any]] = []
    for chapter in write_chapters(recipe, run):
        if chapter.text:
            cells.append(_cell("markdown", chapter.text, len(cells)))
        for cell in chapter.cells:
            text = "\n".join(cell.lines).strip()
            if text:
                more: dict[str, Any] = {"execution_count": None, "outputs": []}
                cells.append(_cell("code", text, len(cells)) | more)
    content = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _cell(kind: str, text: str, number: int) -> dict[str, Any]:
    lines = text.splitlines(keepends=True)
    return {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": lines}
