"""Ranking: what would this person like?

    for_person(model, person, filters)            the list, best raw prediction first, ties by id
    for_person(..., scores=lower_bounds(...))     the same, ordered by other scores of all movies
    standing(model, person, column, filters)      why not that one: its rank, or what hides it

Lists are of raw predictions also where they are shown clipped: else everything ties at the top. What is left out does
not depend on the person but for what they have seen, and is kept from one list to the next, so that a list follows a
slider.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import ConfigError
from alsgui.core.genres import NO_YEAR, in_genre, years
from alsgui.core.model import Model
from alsgui.core.people import Person, given_ratings, of_user
from alsgui.core.ratings import Floats, Ints
from alsgui.core.summary import TrainingSummary
from alsgui.text import tr

USUAL_SUPPORT = 5
"""A movie with fewer training ratings is hidden unless asked for: its mean says little."""

DIVERSE = 100
"""So many places at the top are chosen by relevance and diversity, the rest by prediction."""

_POOL = 5
"""From how many times as many movies they are chosen."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Filters:
    """What a list leaves out, and in which order it is.

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
    genres
        Movies that are of none of these genres; empty keeps all.
    first_year, last_year
        Movies of other years, or of none that is known; None does not limit.
    exclude
        Columns that are never listed.
    diversity
        0 to 1: how much being unlike those above counts beside the prediction (maximal marginal relevance, by the
        cosine of m; Carbonell and Goldstein 1998).
    """

    hide_seen: bool = True
    at_least: int = USUAL_SUPPORT
    text: str = ""
    n_top: int | None = None
    genres: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    exclude: frozenset[int] = frozenset()
    diversity: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.diversity <= 1:
            raise ConfigError(tr("Diversity is {value}.", value=self.diversity), tr("Use 0 to 1."))


@dataclass(frozen=True, eq=False)
class RecommendationList:
    """Movies for one person, best first; ties by id.

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
    summary
        Labels of the movies.
    """

    columns: Ints
    predicted: Floats
    given: Floats
    support: Ints
    n_candidates: int
    n_seen: int
    n_thin: int
    seen_known: bool
    summary: TrainingSummary

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def n_filtered(self) -> int:
        """Movies that text, genres, years and exclusion took out beside those."""
        return len(self.summary.movie_ids) - self.n_candidates - self.n_seen - self.n_thin

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of the movies listed."""
        return tuple(map(self.summary.movie_ids.__getitem__, self.columns.tolist()))

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Titles of the movies listed; ids where they are not known."""
        return tuple(map((self.summary.titles or self.summary.movie_ids).__getitem__, self.columns.tolist()))


@dataclass(frozen=True)
class Standing:
    """Where a movie stands in somebody's list.

    Parameters
    ----------
    rank
        1 for the best; among the candidates and this movie, whatever hides it.
    n_candidates
        How many there are, this movie included.
    predicted
        Its raw prediction, in stars.
    hidden_by
        Why the list leaves it out: any of "seen", "few ratings", "text", "genre", "year", "excluded".
    """

    rank: int
    n_candidates: int
    predicted: float
    hidden_by: tuple[str, ...]


def for_user(model: Model, row: int, filters: Filters | None = None) -> RecommendationList:
    """The list of an existing user."""
    return for_person(model, of_user(model, row), filters)


def for_person(
    model: Model, person: Person, filters: Filters | None = None, scores: Floats | None = None
) -> RecommendationList:
    """The list of any person.

    Parameters
    ----------
    scores
        What to order by instead of predictions, for every movie (M), such as `uncertainty.lower_bounds`.
    """
    rules = filters or Filters()
    predicted, given = predictions(model, person), given_ratings(model, person)
    kept, n_seen, n_thin = _kept(model, given, rules)
    by_id = model.summary.movies_by_id
    candidates = by_id[kept[by_id]]
    order = candidates[_falling((predicted if scores is None else scores)[candidates])]
    if rules.diversity:
        order = _diverse(model, order, predicted if scores is None else scores, rules)
    listed = order[: rules.n_top]
    return RecommendationList(
        columns=listed,
        predicted=predicted[listed],
        given=given[listed],
        support=model.summary.movie_counts[listed],
        n_candidates=len(candidates),
        n_seen=n_seen,
        n_thin=n_thin,
        seen_known=model.ratings is not None,
        summary=model.summary,
    )


def predictions(model: Model, person: Person) -> Floats:
    """Raw predictions of every movie for a person (M), float64, in stars."""
    # Not by BLAS: a product this small is over before its threads have met, and a slider waits for them.
    return np.asarray(np.einsum("ij,j->i", model.predictor.right_exact, person.left(model)))


def standing(
    model: Model, person: Person, column: int, filters: Filters | None = None, scores: Floats | None = None
) -> Standing:
    """Where a movie stands in the list that `for_person` would give without diversity, and what hides it."""
    rules = filters or Filters()
    predicted, given = predictions(model, person), given_ratings(model, person)
    kept = _kept(model, given, rules)[0].copy()
    kept[column] = True
    by = predicted if scores is None else scores
    places = np.empty(model.n_movies, np.int64)
    places[model.summary.movies_by_id] = np.arange(model.n_movies)
    better = (by > by[column]) | ((by == by[column]) & (places < places[column]))
    rank = 1 + int(np.count_nonzero(better & kept))
    hidden = _hidden_by(model, column, bool(np.isfinite(given[column])), rules)
    return Standing(rank, int(np.count_nonzero(kept)), float(predicted[column]), hidden)


def allowed(model: Model, filters: Filters) -> Mask:
    """Movies that a list may hold whoever it is for (M): all filters but what the person has seen."""
    return _wanted(model, filters) & (model.summary.movie_counts >= filters.at_least)


_LAST: WeakKeyDictionary[Model, tuple[Filters, Mask]] = WeakKeyDictionary()


def _kept(model: Model, given: Floats, rules: Filters) -> tuple[Mask, int, int]:
    """Candidates, and how many movies were seen and have too few ratings."""
    seen = ~np.isnan(given) if rules.hide_seen else np.zeros(len(given), np.bool_)
    thin = (model.summary.movie_counts < rules.at_least) & ~seen
    kept = _wanted(model, rules) & ~(seen | thin)
    return kept, int(np.count_nonzero(seen)), int(np.count_nonzero(thin))


def _wanted(model: Model, rules: Filters) -> Mask:
    """Movies that pass text, genres, years and exclusion; those of the last filters are kept."""
    bare = replace(rules, hide_seen=True, at_least=0, n_top=None, diversity=0.0)
    last = _LAST.get(model)
    if last is not None and last[0] == bare:
        return last[1]
    wanted = np.ones(model.n_movies, np.bool_)
    for mask in _tests(model, bare).values():
        wanted &= mask
    _LAST[model] = (bare, wanted)
    return wanted


def _tests(model: Model, rules: Filters) -> dict[str, Mask]:
    """Each filter that is set, by what it is called where it hides a movie."""
    tests: dict[str, Mask] = {}
    if rules.text:
        wanted = rules.text.casefold()
        titles = model.titles or model.movie_ids
        tests["text"] = np.array([wanted in title.casefold() for title in titles], np.bool_)
    if rules.genres:
        tests["genre"] = np.any([in_genre(model, genre) for genre in rules.genres], axis=0)
    if rules.first_year is not None or rules.last_year is not None:
        year = years(model)
        low = NO_YEAR + 1 if rules.first_year is None else rules.first_year
        tests["year"] = (year >= low) & (year != NO_YEAR)
        if rules.last_year is not None:
            tests["year"] &= year <= rules.last_year
    if rules.exclude:
        tests["excluded"] = ~np.isin(np.arange(model.n_movies), np.fromiter(rules.exclude, np.int64))
    return tests


def _hidden_by(model: Model, column: int, seen: bool, rules: Filters) -> tuple[str, ...]:
    hidden = ["seen"] if seen and rules.hide_seen else []
    if model.summary.movie_counts[column] < rules.at_least:
        hidden.append("few ratings")
    return (*hidden, *(name for name, mask in _tests(model, rules).items() if not mask[column]))


def _falling(scores: Floats) -> Ints:
    """Positions from the highest score down; equal ones in their order. NaN goes last."""
    order = np.argsort(-scores)
    sorted_scores = scores[order]
    if np.any(sorted_scores[1:] == sorted_scores[:-1]):  # the fast sort does not keep their order
        order = np.argsort(-scores, kind="stable")
    return np.asarray(order)


def _diverse(model: Model, order: Ints, scores: Floats, rules: Filters) -> Ints:
    """The top by maximal marginal relevance: (1 - d) relevance - d the largest cosine with what stands above.

    Relevance is the score in the pool's range, 0 to 1.
    """
    n = min(len(order), DIVERSE if rules.n_top is None else rules.n_top)
    pool = order[: max(_POOL * n, DIVERSE)]
    if n < 2:
        return order
    values = scores[pool].astype(np.float64)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    relevance = (np.where(np.isfinite(values), values, low) - low) / ((high - low) or 1.0)
    loadings = model.factors.movies[pool].astype(np.float64)
    lengths = np.linalg.norm(loadings, axis=1)
    directions = loadings / np.where(lengths > 0, lengths, 1.0)[:, None]
    alike, chosen = np.zeros(len(pool)), np.empty(n, np.int64)
    left = np.zeros(len(pool))
    for place in range(n):
        chosen[place] = at = int(np.argmax((1 - rules.diversity) * relevance - rules.diversity * alike + left))
        left[at] = -np.inf
        cosines = directions @ directions[at]
        alike = cosines if place == 0 else np.maximum(alike, cosines)
    rest = np.ones(len(order), np.bool_)
    rest[chosen] = False
    return np.concatenate([pool[chosen], order[rest]])
