"""The start page: three ways to begin."""
