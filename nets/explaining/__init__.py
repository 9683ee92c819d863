"""Explaining: one update taken apart, every number of it written as the line that it comes from."""
