"""Predictions of every cell, the figures that judge them, and test files of strangers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import alsgui
from alsgui.core.errors import DataError
from alsgui.core.metrics import ErrorFigures, Judge, rating_range, root_mean_square
from alsgui.core.model import Model, without_ratings
from alsgui.core.predictor import Predictor, predictor
from alsgui.core.ratings import Cells, Ratings
from alsgui.core.scoring import figures_on
from alsgui.core.solvers.factors import Factors
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, all_training, complete, every_third_held_out, holey

TINY: dict[str, Any] = {"k": 2, "lambda_u": 0.3, "lambda_m": 0.3, "epochs": 3, "threads": 1}


def fitted_model(*, biases: bool) -> Model:
    return alsgui.fit(all_training(holey()), biases=biases, **TINY)


@pytest.fixture(params=[True, False], ids=["biases", "no biases"])
def model(request: pytest.FixtureRequest) -> Model:
    return fitted_model(biases=request.param)


class TestTheRuleForRowsWithoutRatings:
    def test_with_biases_the_mean_and_the_other_sides_bias_stand(self) -> None:
        model = fitted_model(biases=True)
        assert model.predict([UNSEEN_USER], [0])[0] == pytest.approx(model.mu + model.movie_bias[0])
        assert model.predict([0], [UNSEEN_MOVIE])[0] == pytest.approx(model.mu + model.user_bias[0])
        assert model.predict([UNSEEN_USER], [UNSEEN_MOVIE])[0] == pytest.approx(model.mu)

    def test_without_biases_the_other_sides_mean_stands_else_the_mean_of_all(self) -> None:
        model, ratings = fitted_model(biases=False), holey()
        assert model.predict([UNSEEN_USER], [0])[0] == pytest.approx(ratings.movie_means[0])
        assert model.predict([0], [UNSEEN_MOVIE])[0] == pytest.approx(ratings.user_means[0])
        assert model.predict([UNSEEN_USER], [UNSEEN_MOVIE])[0] == pytest.approx(ratings.mean)

    def test_a_known_cell_is_the_definition(self, model: Model) -> None:
        expected = model.mu + model.user_bias[2] + model.movie_bias[1] + model.u[:, 2] @ model.m[:, 1]
        assert model.predict([2], [1])[0] == pytest.approx(float(expected), abs=1e-5)

    def test_scores_that_are_no_ratings_are_zero_there(self) -> None:
        factors = fitted_model(biases=False).factors
        form = predictor(factors, 0.0, holey(), biases=False, levels=False)
        assert form.cells(np.array([UNSEEN_USER, 0]), np.array([0, UNSEEN_MOVIE])).tolist() == [0.0, 0.0]


class TestPredict:
    def test_cells_and_blocks_agree(self, model: Model) -> None:
        block = model.predict_block(slice(None), slice(None))
        rows, columns = np.indices(block.shape).reshape(2, -1)
        np.testing.assert_allclose(model.predict(rows, columns), block.ravel(), rtol=0, atol=1e-5)
        np.testing.assert_array_equal(model.predict_block(np.array([2, 4]), slice(1, 3)), block[[2, 4], 1:3])

    def test_cells_are_taken_in_portions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        form = fitted_model(biases=True).predictor
        rows, columns = np.indices((12, 9)).reshape(2, -1)
        at_once = form.cells(rows, columns)
        monkeypatch.setattr("alsgui.core.predictor._CELLS_AT_A_TIME", 7)
        np.testing.assert_array_equal(form.cells(rows, columns), at_once)

    def test_ids_and_positions_mean_the_same(self, model: Model) -> None:
        assert model.predict(["3", "1"], ["2", "9"]).tolist() == model.predict([2, 0], [1, 8]).tolist()

    @pytest.mark.parametrize(
        ("user", "movie", "named"),
        [("99", "1", "user 99"), ("1", "x", "movie x"), (-1, 0, "user -1"), (0, 9, "movie 9")],
    )
    def test_who_is_not_known_is_named(self, user: Any, movie: Any, named: str) -> None:
        with pytest.raises(DataError, match=named):
            fitted_model(biases=True).predict([user], [movie])

    def test_positions_as_an_array_are_checked_too(self) -> None:
        with pytest.raises(DataError, match="user 12"):
            fitted_model(biases=True).predict(np.array([12]), np.array([0]))


class TestFoldIn:
    def test_a_person_without_ratings_has_zeros(self, model: Model) -> None:
        weights, bias = model.fold_in({})
        assert not weights.any()
        assert bias == 0

    def test_the_order_of_ratings_changes_no_bit(self, model: Model) -> None:
        forwards = model.fold_in({"1": 5.0, "3": 2.0, "7": 4.0})
        backwards = model.fold_in({"7": 4.0, "3": 2.0, "1": 5.0})
        assert forwards[0].tobytes() == backwards[0].tobytes()

    @pytest.mark.parametrize("stars", [float("nan"), float("inf")])
    def test_a_rating_that_is_not_finite_is_refused(self, model: Model, stars: float) -> None:
        with pytest.raises(DataError, match="not a finite number"):
            model.fold_in({"1": stars})

    def test_an_unknown_movie_is_named(self, model: Model) -> None:
        with pytest.raises(DataError, match="movie Heat"):
            model.fold_in({"Heat": 4.0})

    def test_needs_the_ratings(self, model: Model) -> None:
        with pytest.raises(DataError, match="saved without its ratings"):
            without_ratings(model).fold_in({"1": 3.0})

    def test_without_ridge_too_few_ratings_name_this_person(self) -> None:
        model = alsgui.fit(complete(), k=3, lambda_u=0.0, lambda_m=0.0, lambda_bias=0.0, biases=False, epochs=1)
        with pytest.raises(
            alsgui.NumericalError, match="this person has 1 rating, which do not determine its 3 weights"
        ):
            model.fold_in({"1": 3.0})

    def test_the_text_books_loss_needs_every_rating(self) -> None:
        model = alsgui.fit(complete(), "ridge", k=2, epochs=1)
        with pytest.raises(DataError, match="Only 1 of 6 cells are rated"):
            model.fold_in({"1": 3.0})

    @pytest.mark.parametrize("fill", ["zero", "mean"])
    def test_a_filled_ridge_folds_in_few_ratings(self, fill: str) -> None:
        model = alsgui.fit(all_training(holey()), "ridge", k=2, epochs=1, fill=fill)
        assert np.isfinite(model.fold_in({"1": 5.0})[0]).all()
        assert not model.fold_in({})[0].any()


class TestFigures:
    def judge(self) -> Judge:
        train = Ratings.from_dense([[1, np.nan, 2], [np.nan, np.nan, 4]])
        cells = Cells(np.array([0, 0, 1], np.int32), np.array([0, 1, 0], np.int32), np.array([1, 5, 3], np.float32))
        return Judge.of(cells, train)

    def test_every_cell_counts_and_predictions_are_clipped_to_the_training_range(self) -> None:
        figures = self.judge().score(np.array([0.0, 9.0, 3.5]))
        assert (figures.n, figures.n_unknown) == (3, 1)
        assert figures.rmse == pytest.approx(np.sqrt((0 + 1 + 0.25) / 3))
        assert figures.mae == pytest.approx(1.5 / 3)
        assert figures.rmse_known == pytest.approx(np.sqrt(0.25 / 2))

    def test_of_nothing_are_nan(self) -> None:
        nobody = Cells(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32))
        figures = Judge.of(nobody, complete()).score(np.empty(0))
        assert figures.n == 0
        assert np.isnan([figures.rmse, figures.mae, figures.rmse_known]).all()
        assert np.isnan(root_mean_square(np.empty(0)))
        assert np.isnan(ErrorFigures().rmse)

    def test_the_range_is_that_of_the_ratings(self) -> None:
        assert rating_range(Ratings.from_dense([[2, 3.5], [np.nan, 1]])) == (1.0, 3.5)

    def test_a_models_figures_are_raw_on_training_and_clipped_on_the_hold_out(self) -> None:
        parts = every_third_held_out(holey())
        model, cells = alsgui.fit(parts, **TINY), parts.holdout
        assert cells is not None
        train = parts.training
        raw = train.csr.data - model.predict(train.users_of_ratings, train.csr.indices)
        assert model.training_figures.rmse == pytest.approx(float(np.sqrt(np.mean(raw**2))), rel=1e-5)
        assert model.training_figures.mae == pytest.approx(float(np.mean(np.abs(raw))), rel=1e-5)
        clipped = np.clip(model.predict(cells.users, cells.movies), *rating_range(train))
        assert model.holdout_figures.rmse == pytest.approx(float(np.sqrt(np.mean((cells.values - clipped) ** 2))))
        assert model.holdout_figures == Judge.of(cells, train).figures(model.predictor)


class TestATestFile:
    def test_ids_are_matched_as_text_and_strangers_count(self, model: Model) -> None:
        tests = Ratings.from_triplets(["3", "new", "1", "new"], ["2", "1", "other", "other"], [4, 2, 3, 1])
        figures = figures_on(model, tests)
        assert (figures.n, figures.n_unknown) == (4, 3)
        assert figures.rmse_known == pytest.approx(abs(4 - np.clip(model.predict(["3"], ["2"])[0], 0.5, 5)))

    def test_strangers_are_predicted_as_rows_without_ratings(self, model: Model) -> None:
        strangers = Ratings.from_triplets(["new", "1", "new"], ["1", "other", "other"], [2, 3, 1])
        unseen = model.predict([UNSEEN_USER, 0, UNSEEN_USER], [0, UNSEEN_MOVIE, UNSEEN_MOVIE])
        expected = strangers.csr.data - np.clip(unseen[[0, 2, 1]], 0.5, 5)
        assert figures_on(model, strangers).rmse == pytest.approx(float(np.sqrt(np.mean(expected**2))))


def test_the_parts_of_a_model_are_named_as_in_the_text_book() -> None:
    ratings = alsgui.generate("movies", n_users=20, n_movies=15, density=0.3)
    model = alsgui.fit(ratings, **TINY)
    assert (model.u.shape, model.m.shape) == ((2, 20), (2, 15))
    assert (model.k, model.n_users, model.n_movies) == (2, 20, 15)
    assert (model.user_bias.shape, model.movie_bias.shape) == ((20,), (15,))
    assert model.ratings is ratings
    assert (model.user_ids, model.movie_ids) == (ratings.user_ids, ratings.movie_ids)
    assert (model.titles, model.genres, model.scale, model.noun) == (
        ratings.titles, ratings.genres, ratings.scale, "movie",
    )  # fmt: skip
    assert model.title(3) == ratings.title(3)
    assert fitted_model(biases=True).title(3) == "4"
    assert model.mu == pytest.approx(model.split.training.mean if model.split else None)


def test_a_predictor_takes_plain_arrays() -> None:
    form = Predictor(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]))
    assert form.block(slice(None), slice(None)).tolist() == [[11.0]]
    assert Factors(np.ones((1, 2)), np.ones((1, 2)), np.zeros(1), np.zeros(1)).k == 2
