"""Data: what was read, and whether to trust it."""
