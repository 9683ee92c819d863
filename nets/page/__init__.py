"""The page: Streamlit only."""
