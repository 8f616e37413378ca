"""Ranking: what would this person like?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alsgui.core.model import Model
from alsgui.core.people import Person, given_ratings, of_user
from alsgui.core.ratings import Floats, Ints

USUAL_SUPPORT = 5
"""A movie with fewer training ratings is hidden unless asked for: its mean says little."""


@dataclass(frozen=True)
class Filters:
    """What a list leaves out.

    Parameters
    ----------
    hide_seen
        Movies that the person has rated, hold-out included.
    at_least
        Movies with fewer training ratings.
    text
        Movies whose title does not contain it, whatever the case.
    n_top
        All but so many of the best; None lists every candidate.
    """

    hide_seen: bool = True
    at_least: int = USUAL_SUPPORT
    text: str = ""
    n_top: int | None = None


@dataclass(frozen=True, eq=False)
class RecommendationList:
    """Movies for one person, best first; ties in the order of the columns.

    Parameters
    ----------
    columns
        Positions of the movies, int64.
    predicted
        Raw predictions, in stars.
    given
        Ratings that the person gave, NaN where none.
    support
        Training ratings of each movie.
    n_candidates
        Movies left after all filters, listed or not.
    n_seen, n_thin
        Movies that hiding seen ones and too few ratings took out; a movie that is both counts as seen.
    seen_known
        Whether it is known what the person has seen.
    ids, titles
        Of the movies listed.
    """

    columns: Ints
    predicted: Floats
    given: Floats
    support: Ints
    n_candidates: int
    n_seen: int
    n_thin: int
    seen_known: bool
    ids: tuple[str, ...]
    titles: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.columns)


def for_user(model: Model, row: int, filters: Filters | None = None) -> RecommendationList:
    """The list of an existing user."""
    return for_person(model, of_user(model, row), filters)


def for_person(model: Model, person: Person, filters: Filters | None = None) -> RecommendationList:
    """The list of any person."""
    rules = filters or Filters()
    predicted = model.predictor.right.astype(np.float64) @ person.left(model)
    given = given_ratings(model, person)
    support = model.summary.movie_counts
    seen = ~np.isnan(given) if rules.hide_seen else np.zeros(len(given), np.bool_)
    thin = (support < rules.at_least) & ~seen
    kept = ~(seen | thin)
    if rules.text:
        wanted = rules.text.casefold()
        kept &= np.array([wanted in model.title(column).casefold() for column in range(model.n_movies)])
    candidates = np.flatnonzero(kept)
    order = candidates[np.argsort(-predicted[candidates], kind="stable")]
    listed = order[: rules.n_top]
    return RecommendationList(
        columns=listed,
        predicted=predicted[listed],
        given=given[listed],
        support=support[listed],
        n_candidates=len(candidates),
        n_seen=int(np.count_nonzero(seen)),
        n_thin=int(np.count_nonzero(thin)),
        seen_known=model.ratings is not None,
        ids=tuple(model.movie_ids[column] for column in listed),
        titles=tuple(model.title(column) for column in listed),
    )
