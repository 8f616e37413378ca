"""Ranking figures against cases worked by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from alsgui.core.ranking import RankingJudge, popularity
from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.split import Split


def five_movies() -> Split:
    """Ann rated A and B in training, and C (liked) and D (not) are held out; Bob liked E, of his two."""
    y = np.full((2, 5), np.nan)
    y[0, :4] = [4, 2, 5, 1]
    y[1, [0, 4]] = [2, 4]
    ratings = Ratings.from_dense(y)
    return Split(ratings, np.array([2, 3, 5]), 0.3, 0)


def judge_of(split: Split, *, events: bool = False, n: int = 2) -> RankingJudge:
    judge = RankingJudge.of(split, events=events, n=n)
    assert judge is not None
    return judge


def fixed(scores: list[list[float]]) -> Floats:
    return np.array(scores, np.float32)


def test_a_perfect_list_has_every_figure_it_can() -> None:
    scores = fixed([[9, 9, 5, 1, 0], [9, 1, 2, 3, 8]])
    figures = judge_of(five_movies()).score(lambda rows: scores[rows])
    assert figures.n_users == 2
    assert (figures.recall, figures.ndcg, figures.map) == (1.0, 1.0, 1.0)
    assert figures.precision == 0.5  # one relevant movie each, on lists of two


def test_what_stands_second_counts_less() -> None:
    scores = fixed([[9, 9, 1, 5, 0], [9, 3, 2, 1, 8]])  # Ann's C is second, after D; Bob's E is first
    figures = judge_of(five_movies()).score(lambda rows: scores[rows])
    assert figures.ndcg == pytest.approx((1 / np.log2(3) + 1) / 2)
    assert figures.map == pytest.approx((1 / 2 + 1) / 2)
    assert figures.recall == 1.0


def test_training_ratings_are_never_listed() -> None:
    scores = fixed([[9, 9, 0, 0, 0], [9, 0, 0, 0, 0]])
    figures = judge_of(five_movies()).score(lambda rows: scores[rows])
    assert figures.coverage == 3 / 5  # Ann: C, D; Bob: B, C; A is never listed, nor is E


def test_every_event_is_relevant_where_there_are_no_ratings() -> None:
    scores = fixed([[0, 0, 1, 5, 0], [0, 3, 2, 1, 8]])
    liked, events = (
        judge_of(five_movies(), events=events).score(lambda rows: scores[rows]) for events in (False, True)
    )
    assert liked.precision == 0.5
    assert events.precision == 0.75  # Ann's D counts as well


def test_a_rare_movie_is_more_of_a_surprise() -> None:
    split = five_movies()
    popular, rare = fixed([[0, 0, 0, 0, 0], [0, 9, 0, 0, 0]]), fixed([[0, 0, 0, 0, 0], [0, 0, 0, 0, 9]])
    judge = judge_of(split, n=1)
    assert judge.score(lambda rows: rare[rows]).novelty > judge.score(lambda rows: popular[rows]).novelty


def test_everybody_gets_the_most_rated_movies_by_popularity() -> None:
    training = five_movies().training
    assert popularity(training)(np.array([0, 1])).tolist() == [[2, 1, 0, 0, 0]] * 2


def test_nobody_is_judged_without_a_hold_out_or_a_relevant_movie() -> None:
    split = five_movies()
    assert RankingJudge.of(Split(split.ratings, np.empty(0, np.int64), 0, 0), events=True) is None
    assert RankingJudge.of(Split(split.ratings, np.array([3]), 0.1, 0), events=False) is None


def test_a_choice_of_users_is_the_same_at_every_call() -> None:
    ratings = Ratings.from_dense(np.random.default_rng(0).integers(1, 6, size=(40, 12)))
    split = Split(ratings, np.arange(0, 480, 3), 0.3, 0)
    one, two = (RankingJudge.of(split, events=True, most_users=10) for _ in range(2))
    assert one is not None and two is not None
    assert len(one.users) == 10 and one.users.tolist() == two.users.tolist()


@given(st.integers(0, 10_000))
def test_ndcg_is_scikit_learns_for_binary_relevance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ratings = Ratings.from_dense(rng.integers(1, 6, size=(5, 30)))
    held_out = np.sort(rng.choice(150, 40, replace=False))
    judge = RankingJudge.of(Split(ratings, held_out, 0.3, 0), events=True, n=6)
    assert judge is not None
    scores = rng.permutation(150).reshape(5, 30).astype(np.float32)

    def of(rows: Ints) -> Floats:
        return scores[rows]

    expected = []
    for row, relevant in zip(judge.users, judge.relevant, strict=True):
        candidates = np.setdiff1d(np.arange(30), judge.training.of_user(int(row))[0])
        truth = np.isin(candidates, relevant).astype(float)
        if len(candidates) > 1:
            expected.append(ndcg_score([truth], [scores[row, candidates]], k=6))
        else:
            expected.append(1.0)
    assert judge.score(of).ndcg == pytest.approx(np.mean(expected))
