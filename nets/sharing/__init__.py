"""Sharing: everything that leaves the page, such as a link or a script."""
