"""The stage: the diagram and the charts, and the buttons that move the training."""
