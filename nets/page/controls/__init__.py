"""The controls: the sidebar, in which a run's settings are chosen."""
