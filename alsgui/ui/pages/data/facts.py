"""Facts of one user, one movie and their cell, in words: for the inspector of the Data page and its copy."""

from __future__ import annotations

import numpy as np

from alsgui.core.model import Model
from alsgui.core.overview import Overview
from alsgui.core.ratings import Ratings
from alsgui.core.split import Split
from alsgui.text import DASH, STAR, contribution, count, rating, score, tr

Fact = tuple[str, str, str | None, str]
"""Label, value, token of the value's colour or None, tooltip."""


def stars(value: float) -> str:
    """3.19 with a star; a dash for what does not exist."""
    words = rating(value)
    return words if words == DASH else f"{words} {STAR}"


def user_facts(ratings: Ratings, overview: Overview, user: int) -> list[Fact]:
    """Number of ratings, mean, spread, rank, and what is known beside."""
    values = ratings.of_user(user)[1]
    spread = float(np.std(values, dtype=np.float64)) if len(values) else float("nan")
    facts: list[Fact] = [
        (tr("Ratings"), count(len(values)), None, ""),
        (tr("Mean"), stars(float(ratings.user_means[user])), None, tr("Mean of this user's ratings")),
        (tr("Spread (s.d.)"), stars(spread), None, tr("Standard deviation of this user's ratings")),
        (tr("Rank by activity"), _rank(overview.user_rank[user], ratings.n_users), None,
         tr("By number of ratings; equal ones share a rank")),
    ]  # fmt: skip
    for name, known in (ratings.characteristics or {}).items():
        value = known[user]
        shown = DASH if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        facts.append((name.replace("_", " ").capitalize(), shown, None, ""))
    return facts


def movie_facts(ratings: Ratings, overview: Overview, movie: int) -> list[Fact]:
    """Number of ratings, mean, rank."""
    mean = float(ratings.movie_means[movie])
    return [
        (tr("Ratings"), count(int(ratings.movie_counts[movie])), None, ""),
        (tr("Mean"), stars(mean), None, tr("Mean of this {movie}'s ratings", movie=ratings.noun)),
        (tr("Rank by count"), _rank(overview.movie_rank[movie], ratings.n_movies), None,
         tr("By number of ratings; equal ones share a rank")),
    ]  # fmt: skip


def crossing_facts(ratings: Ratings, split: Split | None, model: Model | None, user: int, movie: int) -> list[Fact]:
    """The rating that was given, the one predicted, and the error."""
    given = ratings.value(user, movie)
    rated = not np.isnan(given)
    kept_aside = rated and split is not None and is_held_out(split, user, movie)
    tip = tr("Kept aside: a model is judged by it and does not learn from it") if kept_aside else ""
    aside = tr(" (held out)") if kept_aside else ""
    facts: list[Fact] = [(tr("y  observed"), stars(given) + aside if rated else tr("not rated"), None, tip)]
    if model is None:
        return facts
    predicted = float(model.predictor.cells(np.array([user]), np.array([movie]))[0])
    if not model.config.predicts_ratings:
        return [*facts, (tr("r  score"), score(predicted), None, tr("By the model shown: about 0 to 1, not a rating"))]
    facts.append((tr("r  predicted"), stars(predicted), None, tr("By the model shown, not clipped to the scale")))
    if rated:
        error = given - predicted
        facts.append((tr("y − r  error"), contribution(error), "positive" if error > 0 else "negative", tr("In stars")))
    return facts


def is_held_out(split: Split, user: int, movie: int) -> bool:
    """Whether the rating of a cell is kept aside."""
    csr = split.ratings.csr
    start, stop = int(csr.indptr[user]), int(csr.indptr[user + 1])
    place = start + int(np.searchsorted(csr.indices[start:stop], movie))
    at = int(np.searchsorted(split.held_out, place))
    return at < len(split.held_out) and int(split.held_out[at]) == place


def genre_words(ratings: Ratings, movie: int) -> str:
    """Genres of a movie, separated by commas."""
    return ratings.genres[movie].replace("|", ", ") if ratings.genres is not None else ""


def movie_name(ratings: Ratings, movie: int) -> str:
    """Title of a movie, or noun and id where titles are not known."""
    if ratings.titles is not None:
        return ratings.titles[movie]
    return f"{ratings.noun.capitalize()} {ratings.movie_ids[movie]}"


def _rank(rank: int, n: int) -> str:
    return tr("{rank} of {n}", rank=count(int(rank)), n=count(n))
