"""How good lists are: precision, recall, NDCG and MAP at n on held-out ratings, coverage and novelty.

Over users with at least one relevant held-out movie. Relevant is a held-out rating at or above the user's own mean of
training ratings, or any held-out event for `implicit`. Candidates are all movies but the user's training ratings. NDCG
is binary with log2(rank + 1); MAP divides by min(n, relevant). Figures are averages over those users, with the standard
error of the mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.split import Split

NAN = float("nan")
USUAL_LENGTH = 20

_SCORES_AT_A_TIME = 1 << 22


@dataclass(frozen=True)
class RankingFigures:
    """Averages over `n_users` users of lists of length n, 0 to 1; `_se` are standard errors.

    Parameters
    ----------
    precision, recall, ndcg, map
        See the module.
    coverage
        Share of the movies that are in any list.
    novelty
        Mean -log2 of the share of users who rated a listed movie in training.
    """

    n: int = USUAL_LENGTH
    n_users: int = 0
    precision: float = NAN
    recall: float = NAN
    ndcg: float = NAN
    map: float = NAN
    recall_se: float = NAN
    ndcg_se: float = NAN
    coverage: float = NAN
    novelty: float = NAN


@dataclass(frozen=True, eq=False)
class RankingJudge:
    """Scores lists for fixed users by one rule; peers and popularity are scored by the same.

    Parameters
    ----------
    training
        What lists leave out.
    users
        Rows of the users who are judged.
    relevant
        For each, the relevant held-out movies, ascending.
    n
        Length of a list.
    known
        What is known of those who are judged, and left out of their lists, where they are not the users of
        `training`; `users` are its rows then.
    """

    training: Ratings
    users: Ints
    relevant: list[Ints]
    n: int = USUAL_LENGTH
    known: Ratings | None = None

    @classmethod
    def of(
        cls, split: Split, *, events: bool, n: int = USUAL_LENGTH, most_users: int | None = None, seed: int = 0
    ) -> RankingJudge | None:
        """The judge of a split's hold-out, or None where nobody has a relevant held-out movie.

        Parameters
        ----------
        events
            Whether any held-out event is relevant, whatever its value.
        most_users
            Judge a random choice of so many users; None judges all.
        """
        if split.judged is None:
            return None
        known, cells = split.judged
        users, movies, values = cells.users, cells.movies, cells.values
        means = np.where(known.user_counts > 0, known.user_means, split.training.mean)
        relevant = np.ones(len(users), np.bool_) if events else values >= means[users]
        order = np.lexsort((movies[relevant], users[relevant]))
        users, movies = users[relevant][order], movies[relevant][order]
        rows, first = np.unique(users, return_index=True)
        if not len(rows):
            return None
        lists = np.split(movies, first[1:])
        if most_users is not None and len(rows) > most_users:
            chosen = np.sort(np.random.default_rng(seed).choice(len(rows), most_users, replace=False))
            rows, lists = rows[chosen], [lists[position] for position in chosen]
        return cls(split.training, rows, lists, n, known)

    def figures(self, predictor: Predictor) -> RankingFigures:
        """Figures of a model's lists."""
        return self.score(lambda rows: predictor.block(rows, slice(None)))

    def score(self, scores: Callable[[Ints], Floats]) -> RankingFigures:
        """Figures of the lists that `scores` (users x M for rows of users) gives; ties in the order of the columns."""
        hits = np.zeros((len(self.users), self.n), np.bool_)
        listed = np.zeros(self.training.n_movies, np.bool_)
        surprise = _surprise(self.training)
        novelty = 0.0
        for part, lists in self._lists(scores):
            for at, chosen in zip(range(part.start, part.stop), lists, strict=True):
                hits[at, : len(chosen)] = np.isin(chosen, self.relevant[at])
                listed[chosen] = True
                novelty += float(np.mean(surprise[chosen])) if len(chosen) else 0.0
        return self._averages(hits, float(np.mean(listed)), novelty / max(len(self.users), 1))

    def _lists(self, scores: Callable[[Ints], Floats]) -> Iterator[tuple[range, list[Ints]]]:
        known = self.training if self.known is None else self.known
        step = max(_SCORES_AT_A_TIME // self.training.n_movies, 1)
        for start in range(0, len(self.users), step):
            part = range(start, min(start + step, len(self.users)))
            block = np.array(scores(self.users[part.start : part.stop]))
            lists = []
            for row, score in zip(self.users[part.start : part.stop], block, strict=True):
                score[known.of_user(int(row))[0]] = -np.inf
                lists.append(_best(score, self.n))
            yield part, lists

    def _averages(
        self, hits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], coverage: float, novelty: float
    ) -> RankingFigures:
        n_relevant = np.array([len(movies) for movies in self.relevant])
        reachable = np.minimum(n_relevant, self.n)
        discount = 1 / np.log2(np.arange(2, self.n + 2))
        found = np.cumsum(hits, axis=1)
        recall = found[:, -1] / n_relevant
        ndcg = (hits @ discount) / np.cumsum(discount)[reachable - 1]
        average_precision = np.sum(hits * found / np.arange(1, self.n + 1), axis=1) / reachable
        return RankingFigures(
            n=self.n,
            n_users=len(self.users),
            precision=float(np.mean(found[:, -1] / self.n)),
            recall=float(np.mean(recall)),
            ndcg=float(np.mean(ndcg)),
            map=float(np.mean(average_precision)),
            recall_se=_standard_error(recall),
            ndcg_se=_standard_error(ndcg),
            coverage=coverage,
            novelty=novelty,
        )


def popularity(training: Ratings) -> Callable[[Ints], Floats]:
    """The baseline: everybody gets the movies with the most training ratings."""
    counts = training.movie_counts.astype(np.float64)
    return lambda rows: np.broadcast_to(counts, (len(rows), len(counts)))


def _best(score: Floats, n: int) -> Ints:
    """Columns of the n highest scores, best first, ties in the order of the columns; none that is -inf."""
    n = min(n, int(np.count_nonzero(score > -np.inf)))
    if not n:
        return np.empty(0, np.int64)
    least = np.partition(score, len(score) - n)[len(score) - n]
    candidates = np.flatnonzero(score >= least)
    return candidates[np.argsort(-score[candidates], kind="stable")[:n]]


def _surprise(training: Ratings) -> Floats:
    share = np.maximum(training.movie_counts, 0.5) / training.n_users
    return np.asarray(-np.log2(share))


def _standard_error(values: Floats) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else NAN
