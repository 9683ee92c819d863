"""HTML: numbers as tables, formulas and matrices, and the page's style sheet."""
