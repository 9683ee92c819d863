"""Explanation: one update taken apart, and every number as the line that computes it."""
