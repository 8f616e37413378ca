"""Small fitted models for the tests of files and the command line."""

from __future__ import annotations

import alsgui
from alsgui.core.model import Model


def tiny_model() -> Model:
    """K = 2, three users, three movies, one title that looks like a formula."""
    users = ["ann", "ann", "bob", "bob", "eve", "eve", "eve"]
    movies = ["1", "2", "1", "3", "1", "2", "3"]
    titles = ("Heat", '=SUM("a", 1)', "Up, again")
    ratings = alsgui.Ratings.from_triplets(users, movies, [5, 3, 4, 1, 2, 2.5, 4], titles=titles)
    return alsgui.fit(ratings, k=2, epochs=3, holdout=0, threads=1)
