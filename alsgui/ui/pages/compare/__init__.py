"""Compare: runs and baselines side by side, and the search for settings."""
