"""The floor: the least that a page with a button and a chart can be, to compare our page with.

streamlit run tests/benchmarks/floor_app.py [-- torch]
"""

import sys

import plotly.graph_objects as go
import streamlit as st

if "torch" in sys.argv:
    import torch  # noqa: F401

state = st.session_state
state.clicks = state.get("clicks", 0) + bool(st.button("Step", key="step"))
st.plotly_chart(go.Figure(go.Scatter(x=[0], y=[state.clicks])), key="chart")
