"""ALS: problems (who builds A and b of a row), compiled row solvers, and what drives them."""
