"""Pictures of the four steps, as plain Plotly figures."""
