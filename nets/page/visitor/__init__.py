"""The visitor: what one person's visit holds, and in which order things happen."""
