"""What is kept aside, in every way: which ratings, that models do not see them, and how newcomers are judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alsgui
from alsgui.core.baselines import baselines
from alsgui.core.compare import judge, of_baseline, of_model, pairs, served
from alsgui.core.errors import ConfigError, DataError, ExportError, Interrupted
from alsgui.core.given_holdout import given_holdout
from alsgui.core.known_after import STEPS, known_after
from alsgui.core.model import Model
from alsgui.core.model_parts import from_parts, to_parts
from alsgui.core.newcomers import JUDGED_EACH, newcomers
from alsgui.core.ratings import Ratings
from alsgui.core.solvers.config import make_config
from alsgui.core.split import Kind, Split, split
from alsgui.core.training import fitted, iter_fit
from alsgui.core.uncertainty import why_not
from alsgui.io.export_split import export_split

ALGORITHMS: dict[str, dict[str, Any]] = {
    "observed": {}, "em": {}, "nonnegative": {}, "implicit": {},
    "ridge": {"fill": "mean"}, "nmf": {"fill": "zero"},
}  # fmt: skip


def timed(n_users: int = 20, n_movies: int = 40, n: int = 400, seed: int = 0) -> Ratings:
    """Ratings with times, some of them equal; the first user has one rating, the second two."""
    rng = np.random.default_rng(seed)
    cells = rng.choice(n_users * n_movies, n, replace=False)
    users, movies = cells // n_movies, cells % n_movies
    kept = (users > 1) | (movies < users + 1)
    users, movies = np.append(users[kept & (users > 1)], [0, 1, 1]), np.append(movies[kept & (users > 1)], [0, 0, 1])
    values, time = rng.integers(1, 6, len(users)), rng.integers(0, 50, len(users))
    names = [f"u{row}" for row in range(n_users)], [f"m{column}" for column in range(n_movies)]
    return Ratings.from_indices(users, movies, values, *names, time=time)


@pytest.fixture(scope="module")
def users_split() -> Split:
    return split(alsgui.generate("movies", n_users=60, n_movies=80, density=0.4), 0.3, kind="users", told=5)


def model_of(parts: Split, algorithm: str = "observed", **settings: Any) -> Model:
    config = make_config(algorithm, **{"k": 3, "epochs": 3, "threads": 1} | settings)
    return fitted(iter_fit(parts, config))


class TestWhichRatings:
    @settings(max_examples=40, deadline=None)
    @given(
        st.sampled_from(["random", "last", "each", "users"]), st.integers(0, 5), st.integers(1, 30),
        st.floats(0.0, 0.9),
    )  # fmt: skip
    def test_training_and_hold_out_are_all_ratings_once_and_something_is_left(
        self, kind: Kind, seed: int, n: int, share: float
    ) -> None:
        ratings = timed()
        parts = split(ratings, share, seed, kind=kind, n=n)
        assert len(np.unique(parts.held_out)) == len(parts.held_out)
        assert np.all(np.diff(parts.held_out) > 0)
        assert parts.training.n_ratings + len(parts.held_out) == ratings.n_ratings
        assert parts.training.n_ratings > 0
        again = split(ratings, share, seed, kind=kind, n=n)
        np.testing.assert_array_equal(parts.held_out, again.held_out)

    @pytest.mark.parametrize("kind", ["last", "each"])
    @pytest.mark.parametrize("n", [1, 3, 1000])
    def test_so_many_of_each_user_are_kept_aside_and_everybody_keeps_one(self, kind: Kind, n: int) -> None:
        ratings = timed()
        parts = split(ratings, kind=kind, n=n)
        aside = ratings.user_counts - parts.training.user_counts
        np.testing.assert_array_equal(aside, np.maximum(np.minimum(n, ratings.user_counts - 1), 0))
        assert parts.share == pytest.approx(len(parts.held_out) / ratings.n_ratings)

    def test_the_last_of_a_user_are_not_older_than_what_is_learnt_from(self) -> None:
        ratings = timed()
        parts = split(ratings, kind="last", n=3)
        assert ratings.time is not None and parts.training.time is not None
        for user in range(ratings.n_users):
            aside = ratings.time[parts.held_out][ratings.users_of_ratings[parts.held_out] == user]
            learnt = parts.training.time[parts.training.users_of_ratings == user]
            assert not len(aside) or aside.min() >= learnt.max()

    def test_without_times_the_last_are_refused_with_the_remedy(self) -> None:
        with pytest.raises(ConfigError, match="no time") as caught:
            split(replace(timed(), time=None), kind="last")
        assert "at random" in caught.value.hint

    def test_whole_users_leave_nothing_behind(self, users_split: Split) -> None:
        counts, kept = users_split.ratings.user_counts, users_split.training.user_counts
        aside = kept < counts
        assert np.all(kept[aside] == 0) and np.count_nonzero(aside) == 18
        assert users_split.holdout is None and users_split.n_newcomers == 18
        assert split(users_split.ratings).n_newcomers == split(users_split.ratings, 0.0, kind="users").n_newcomers == 0

    def test_somebody_is_always_left_when_users_are_kept_aside(self) -> None:
        ratings = Ratings.from_dense(np.arange(1.0, 7.0).reshape(2, 3))
        parts = split(ratings, 0.9, kind="users")
        assert np.count_nonzero(parts.training.user_counts) == 1

    @pytest.mark.parametrize(
        "wrong",
        [{"kind": "file"}, {"kind": "most"}, {"kind": "each", "n": 0}, {"kind": "users", "told": -1}, {"share": 0.95}],
    )
    def test_what_cannot_be_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ConfigError):
            split(timed(), **wrong)


class TestNewcomers:
    @pytest.mark.parametrize("told", [0, 1, 5, 10, None])
    def test_whatever_is_told_the_same_ratings_are_judged(self, users_split: Split, told: int | None) -> None:
        ratings, aside = users_split.ratings, users_split.held_out
        usual, them = (newcomers(ratings, aside, users_split.seed, each) for each in (5, told))
        cells = [
            sorted(zip(each.users[each.cells.users], each.cells.movies, each.cells.values, strict=True))
            for each in (usual, them)
        ]
        assert cells[0] == cells[1]
        for row, user in enumerate(them.users):
            n = int(ratings.user_counts[user])
            n_judged = min(JUDGED_EACH, n // 2)
            expected = n - 1 if told is None else min(told, n - n_judged)
            assert them.known.user_counts[row] == expected
            judged = them.cells.movies[them.cells.users == row]
            assert len(judged) == (1 if told is None else n_judged)
            movies, values = them.known.of_user(row)
            assert not set(movies) & set(judged), "nobody is judged on what was told"
            np.testing.assert_array_equal(values, [ratings.value(user, column) for column in movies])

    @pytest.mark.parametrize("algorithm", ALGORITHMS)
    def test_the_figures_of_a_fit_are_those_of_folding_in_by_hand(self, users_split: Split, algorithm: str) -> None:
        model = model_of(users_split, algorithm, **ALGORITHMS[algorithm])
        them = users_split.newcomers
        assert them is not None
        assert np.all(model.u[:, users_split.training.user_counts == 0] == 0), "nothing was learnt of them"
        if not model.config.predicts_ratings:
            assert model.holdout_ranking.n_users == them.n_users
            assert model.history[-1].ndcg_holdout is not None
            return
        predicted = []
        for row, movie in zip(them.cells.users, them.cells.movies, strict=True):
            columns, values = them.known.of_user(row)
            weights, bias = model.fold_in_positions(columns, values)
            tail = model.mu + bias + model.movie_bias[movie] if model.has_biases else 0.0
            predicted.append(float(weights @ model.m[:, movie]) + tail)
        errors = them.cells.values - np.clip(predicted, model.summary.low, model.summary.high)
        assert model.holdout_figures.rmse == pytest.approx(float(np.sqrt(np.mean(errors**2))), abs=1e-5)
        assert model.holdout_figures.n == len(them.cells)

    def test_patience_watches_the_newcomers(self, users_split: Split) -> None:
        model = model_of(users_split, k=10, epochs=60, lambda_u=0.05, lambda_m=0.05, patience=2, tolerance=0.0)
        assert model.stopped == "patience"
        best = min(record.rmse_holdout for record in model.history)
        assert best < model.history[-1].rmse_holdout

    def test_averages_and_runs_are_compared_on_the_same_newcomers(self, users_split: Split) -> None:
        model, known = model_of(users_split), baselines(users_split)
        assert known is not None
        judged = judge(of_model(model), users_split)
        assert judged.errors.rmse == pytest.approx(model.holdout_figures.rmse)
        biases = judge(of_baseline("biases", users_split.training), users_split)
        assert biases.errors.rmse == pytest.approx(known.biases.rmse, abs=1e-6)
        mean = judge(of_baseline("movie_mean", users_split.training), users_split)
        assert mean.errors.rmse == pytest.approx(known.movie_mean.rmse, abs=1e-6)
        assert judged.lists.n_users == biases.lists.n_users > 0
        both = pairs(of_model(model), of_baseline("biases", users_split.training), users_split)
        aside = set(users_split.ratings.users_of_ratings[users_split.held_out].tolist())
        assert set(both.cells.users.tolist()) <= aside
        found = served(of_model(model), of_baseline("biases", users_split.training), users_split, "users")
        assert found is not None and set(found.rows.tolist()) == aside

    def test_an_average_of_starts_is_judged_on_them_too(self, users_split: Split) -> None:
        model = alsgui.fit(users_split, restarts="average", k=2, epochs=2)
        assert model.holdout_figures.n == len(users_split.newcomers.cells)  # type: ignore[union-attr]
        assert judge(of_model(model), users_split).errors.rmse == pytest.approx(model.holdout_figures.rmse)

    def test_how_sure_says_why_it_is_not_known(self, users_split: Split) -> None:
        assert "Whole users" in why_not(model_of(users_split))

    def test_a_saved_model_knows_its_newcomers_again(self, users_split: Split) -> None:
        model = model_of(users_split)
        again = from_parts(*to_parts(model))
        assert again.split is not None
        assert (again.split.kind, again.split.told, again.split.seed) == ("users", 5, 0)
        assert judge(of_model(again), again.split).errors.rmse == pytest.approx(model.holdout_figures.rmse)

    def test_a_model_file_of_before_there_were_kinds_has_a_random_hold_out(self) -> None:
        arrays, meta = to_parts(model_of(split(timed(), 0.2)))
        meta["split"] = {"share": 0.2, "seed": 0}
        again = from_parts(arrays, meta)
        assert again.split is not None and (again.split.kind, again.split.share) == ("random", 0.2)
        with pytest.raises(DataError):
            from_parts(arrays, meta | {"split": {"share": 0.2, "seed": 0, "kind": "other"}})


class TestKnownAfter:
    def test_each_step_is_the_error_of_a_fit_that_was_told_so_much(self, users_split: Split) -> None:
        points = known_after(model_of(users_split))
        assert [point.told for point in points] == list(STEPS)
        for point in points:
            told = replace(users_split, told=point.told)
            assert point.rmse == pytest.approx(model_of(told).holdout_figures.rmse, abs=1e-6)
            known = baselines(told)
            assert known is not None and point.biases == pytest.approx(known.biases.rmse, abs=1e-6)
            assert point.gain == point.biases - point.rmse
        assert points[-1].rmse < points[0].rmse, "knowing somebody helps"
        assert [point.typical for point in points[:3]] == [0, 1, 5]

    def test_standard_errors_count_users_as_a_bootstrap_does(self, users_split: Split) -> None:
        point = known_after(model_of(users_split))[-1]
        model, them = model_of(replace(users_split, told=None)), replace(users_split, told=None).newcomers
        assert them is not None
        form = of_model(model).on(replace(users_split, told=None))
        low, high = model.summary.low, model.summary.high
        squares = (them.cells.values - np.clip(form.cells(them.cells.users, them.cells.movies), low, high)) ** 2
        owner = them.users[them.cells.users]
        groups = [squares[owner == user] for user in np.unique(owner)]
        rng = np.random.default_rng(0)
        draws = [
            np.sqrt(np.mean(np.concatenate([groups[at] for at in rng.integers(0, len(groups), len(groups))])))
            for _ in range(2000)
        ]
        assert point.se == pytest.approx(float(np.std(draws)), rel=0.15)

    def test_other_hold_outs_and_scores_have_no_such_curve(self, users_split: Split) -> None:
        assert known_after(model_of(split(timed(), 0.2))) == ()
        assert known_after(model_of(users_split, "implicit")) == ()

    def test_it_ends_when_it_is_interrupted(self, users_split: Split) -> None:
        model, asked = model_of(users_split), iter([False] * 12)
        with pytest.raises(Interrupted):
            known_after(model, lambda: next(asked, True))

    def test_one_newcomer_has_no_standard_error(self) -> None:
        ratings = alsgui.generate("movies", n_users=12, n_movies=30, density=0.5)
        points = known_after(model_of(split(ratings, 0.05, kind="users")))
        assert points[0].n_users == 1 and np.isnan(points[0].se)


class TestGivenFile:
    def test_ratings_that_are_open_are_only_kept_aside(self) -> None:
        ratings = timed()
        chosen = split(ratings, kind="each", n=2).held_out
        test = ratings.keeping(np.isin(np.arange(ratings.n_ratings), chosen))
        parts = given_holdout(ratings, test, "test.csv")
        assert parts.ratings is ratings and (parts.kind, parts.file) == ("file", "test.csv")
        np.testing.assert_array_equal(parts.held_out, chosen)

    def test_ratings_that_are_not_open_are_added_with_their_users_and_movies(self) -> None:
        ratings = Ratings.from_triplets(["a", "a", "b"], ["x", "y", "x"], [1, 2, 3], titles=("Xx", "Yy"))
        test = Ratings.from_triplets(["b", "c", "a"], ["z", "x", "x"], [4, 5, 1], titles=("Zz", "Xx"))
        parts = given_holdout(ratings, test)
        whole = parts.ratings
        assert (whole.user_ids, whole.movie_ids) == (("a", "b", "c"), ("x", "y", "z"))
        assert whole.titles == ("Xx", "Yy", "Zz")
        assert parts.holdout is not None
        kept = {
            (whole.user_ids[u], whole.movie_ids[m], float(v))
            for u, m, v in zip(parts.holdout.users, parts.holdout.movies, parts.holdout.values, strict=True)
        }
        assert kept == {("a", "x", 1.0), ("b", "z", 4.0), ("c", "x", 5.0)}
        assert parts.training.n_ratings == 2

    def test_titles_genres_times_and_characteristics_are_completed(self) -> None:
        ratings = Ratings.from_triplets(
            ["a", "b"], ["x", "x"], [1, 2], time=[10, 20], characteristics={"age": np.array([30, None], object)}
        )
        test = Ratings.from_triplets(["c"], ["z"], [3], time=[5], genres=("Comedy",))
        whole = given_holdout(ratings, test).ratings
        assert whole.titles is None and whole.genres == ("", "Comedy")
        assert whole.time is not None and sorted(whole.time.tolist()) == [5, 10, 20]
        assert whole.characteristics is not None and whole.characteristics["age"].tolist() == [30, None, None]

    def test_a_rating_with_another_value_is_refused_with_its_place(self) -> None:
        ratings = Ratings.from_triplets(["a", "b"], ["x", "x"], [1, 2])
        with pytest.raises(DataError, match=r"user b, movie x: 2\.0 here, 4\.0 in the file") as caught:
            given_holdout(ratings, Ratings.from_triplets(["b"], ["x"], [4]))
        assert str(caught.value).startswith("1 rating has another value")
        assert [str(problem) for problem in caught.value.problems] == ["user b, movie x: 2.0 here, 4.0 in the file"], (
            "no line is named where none is known"
        )

    def test_a_file_with_every_rating_is_refused(self) -> None:
        ratings = timed()
        for same in (ratings, replace(ratings)):
            with pytest.raises(DataError, match="nothing is left"):
                given_holdout(ratings, same)


class TestExport:
    def test_both_parts_are_read_again_as_they_were(self, tmp_path: Path) -> None:
        ratings = timed()
        parts = split(ratings, 0.3, 4)
        export_split(parts, tmp_path / "new")
        training, test = (alsgui.read_ratings(tmp_path / "new" / name) for name in ("training.csv", "holdout.csv"))
        again = given_holdout(training, test)
        assert again.training.n_ratings == parts.training.n_ratings
        at = {
            (again.ratings.user_ids[u], again.ratings.movie_ids[m]): (float(v), int(t))
            for u, m, v, t in zip(
                again.ratings.users_of_ratings, again.ratings.csr.indices, again.ratings.csr.data,
                again.ratings.time, strict=True,  # type: ignore[arg-type]
            )
        }  # fmt: skip
        assert ratings.time is not None
        for u, m, v, t in zip(
            ratings.users_of_ratings, ratings.csr.indices, ratings.csr.data, ratings.time, strict=True
        ):
            assert at[(ratings.user_ids[u], ratings.movie_ids[m])] == (float(v), int(t))

    @pytest.mark.parametrize(
        ("how", "told"),
        [({"kind": "each", "n": 2}, '"n": 2'), ({"kind": "users", "told": None}, '"told": null'), ({}, '"seed": 7')],
    )
    def test_how_it_came_about_stands_beside_them(self, tmp_path: Path, how: dict[str, Any], told: str) -> None:
        parts = split(timed(), seed=7, **how)
        *_, made = export_split(parts, tmp_path)
        text = made.read_text()
        assert told in text and parts.ratings.fingerprint in text

    @pytest.mark.parametrize("name", ["holdout.csv", "split.json"])
    def test_a_file_that_is_no_export_stays(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("mine")
        with pytest.raises(ExportError, match="no export"):
            export_split(split(timed()), tmp_path)
        assert (tmp_path / name).read_text() == "mine"
        assert not (tmp_path / "training.csv").exists()

    def test_an_export_takes_the_place_of_an_export_and_can_be_ended(self, tmp_path: Path) -> None:
        from alsgui.core.brake import Brake

        export_split(split(timed()), tmp_path)
        before = (tmp_path / "training.csv").read_bytes()
        brake = Brake()
        brake.cancel()
        with pytest.raises(Interrupted):
            export_split(split(timed(), 0.5), tmp_path, brake)
        assert (tmp_path / "training.csv").read_bytes() == before
        export_split(split(timed(), 0.5), tmp_path)
        assert (tmp_path / "training.csv").read_bytes() != before

    def test_a_folder_that_cannot_be_made_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(ExportError, match="cannot be made"):
            export_split(split(timed()), tmp_path / "file" / "inside")
