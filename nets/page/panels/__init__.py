"""The panels: one view of the run's numbers at a time, below the stage."""
