"""Other attributes for the same predictions, their names, and what stands at their ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alsgui
from alsgui.core.basis import ACTS, Basis, allowed, changed, current, exchanged, proof, shown, sizes
from alsgui.core.errors import ConfigError, DataError
from alsgui.core.explain import by_attribute, by_ratings
from alsgui.core.factor_view import FactorSource
from alsgui.core.generate import generate
from alsgui.core.genre_counts import most_frequent, over_represented, shares_of
from alsgui.core.meaning import meaning
from alsgui.core.model import Model
from alsgui.core.model_parts import from_parts, to_parts
from alsgui.core.people import of_user
from alsgui.core.predictor import Predictor
from alsgui.core.recommend import Filters, for_user
from alsgui.io.export import export_factors
from alsgui.io.model_file import load_model, save_model
from tests.helpers.models import tiny_model

EVERY = (*ACTS, "flip")


def model_of(k: int = 4, **settings: object) -> Model:
    ratings = generate("movies", n_users=30, n_movies=40, density=0.4)
    return alsgui.fit(ratings, k=k, epochs=4, threads=1, **settings)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def model() -> Model:
    return model_of()


def after(model: Model, *acts: str) -> Model:
    for act in acts:
        model = replace(model, shown=exchanged(model, changed(model, act, 1)))
    return model


def dense(model: Model) -> np.ndarray:
    factors = current(model).factors
    return factors.users.astype(float) @ factors.movies.astype(float).T


@pytest.mark.parametrize("act", EVERY)
def test_no_act_changes_a_prediction(model: Model, act: str) -> None:
    seen = after(model, act).shown
    assert seen is not None and seen.proof is not None
    assert seen.proof.n_cells == 30 * 40
    assert seen.proof.difference <= 1e-6 * seen.proof.largest
    np.testing.assert_allclose(dense(after(model, act)), dense(model), atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(EVERY), max_size=6), st.integers(1, 6), st.booleans())
def test_any_chain_of_acts_keeps_every_prediction_and_is_undone(acts: list[str], k: int, biases: bool) -> None:
    model = model_of(max(k, 2), biases=biases)
    moved = after(model, *acts)
    np.testing.assert_allclose(dense(moved), dense(model), atol=1e-5)
    basis = current(moved).basis
    for _ in acts:
        assert basis.before is not None
        basis = basis.before
    np.testing.assert_array_equal(basis.matrix, np.eye(model.k))


def test_attributes_that_died_and_more_attributes_than_movies_have_a_decomposition_too(model: Model) -> None:
    dead = model.factors.users.copy()
    dead[:, 2] = 0
    form = replace(model.predictor, left=np.hstack([dead, model.predictor.left[:, 4:]]))
    for each in (replace(model, factors=replace(model.factors, users=dead), predictor=form), model_of(60), model_of(1)):
        moved = (
            after(each, "svd", "varimax", "scale")
            if each.k > 1
            else replace(each, shown=shown(each, ACTS["svd"](current(each))))
        )
        np.testing.assert_allclose(dense(moved), dense(each), atol=1e-5)


def test_svd_is_the_decomposition_of_the_product_that_is_never_formed(model: Model) -> None:
    factors = current(after(model, "svd")).factors
    expected = np.linalg.svd(dense(model), compute_uv=False)[: model.k]
    np.testing.assert_allclose(sizes(factors), expected, rtol=1e-5)
    for side in (factors.users, factors.movies):
        gram = side.astype(float).T @ side.astype(float)
        np.testing.assert_allclose(gram, np.diag(expected), atol=1e-5 * expected[0])
    largest = np.abs(factors.movies).argmax(axis=0)
    assert np.all(factors.movies[largest, np.arange(model.k)] > 0)


def test_varimax_finds_simple_structure_that_was_rotated_away(model: Model) -> None:
    rng = np.random.default_rng(0)
    simple = np.kron(np.eye(4), np.ones((10, 1))) * rng.uniform(1, 2, (40, 1)) + rng.normal(0, 0.01, (40, 4))
    hidden, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    turned = replace(model, factors=replace(model.factors, movies=(simple @ hidden).astype(np.float32)))
    found = current(after(turned, "varimax")).factors.movies
    match = np.abs(found.T @ simple) / np.outer(np.linalg.norm(found, axis=0), np.linalg.norm(simple, axis=0))
    np.testing.assert_allclose(np.sort(match.max(axis=1)), 1, atol=1e-3)


def test_order_and_scale_do_what_they_say(model: Model) -> None:
    assert np.all(np.diff(sizes(current(after(model, "order")).factors)) <= 0)
    movies = current(after(model, "scale")).factors.movies
    np.testing.assert_allclose(np.linalg.norm(movies, axis=0), 1, rtol=1e-5)


def test_factors_that_are_never_negative_stay_so() -> None:
    model = model_of(algorithm="nonnegative")
    assert [act for act in EVERY if not allowed(model, act)] == ["svd", "varimax", "flip"]
    with pytest.raises(ConfigError, match="never negative"):
        changed(model, "svd")
    factors = current(after(model, "order", "scale")).factors
    assert factors.users.min() >= 0 and factors.movies.min() >= 0


@pytest.mark.parametrize("act", EVERY)
def test_fold_in_list_and_explanation_are_the_same_in_every_basis(model: Model, act: str) -> None:
    moved = after(model, act)
    ratings = {model.movie_ids[j]: 1.0 + j % 5 for j in range(8)}
    (weights, bias), (weights_after, bias_after) = model.fold_in(ratings), moved.fold_in(ratings)
    np.testing.assert_allclose(weights_after, weights, atol=1e-5)
    assert bias_after == pytest.approx(bias, abs=1e-5)
    before, later = (for_user(each, 3, Filters(n_top=10)) for each in (model, moved))
    assert later.ids == before.ids
    np.testing.assert_allclose(later.predicted, before.predicted, atol=1e-5)
    person = of_user(model, 3)
    pulls, pulls_after = by_ratings(model, person, 5), by_ratings(moved, person, 5)
    assert pulls is not None and pulls_after is not None
    np.testing.assert_allclose(pulls_after.pulls, pulls.pulls, atol=1e-5)
    products = by_attribute(model, person, 5)
    assert FactorSource.of_model(moved).terms(3, 5).total == pytest.approx(products.total, abs=1e-5)


def test_a_name_follows_its_attribute_until_the_attributes_are_mixed(model: Model) -> None:
    named = replace(model, shown=shown(model, Basis.own(4).named(2, "  Cult   films ")))
    assert named.attribute_names == ("", "", "Cult films", "")
    moved = after(named, "order", "flip", "scale")
    assert moved.attribute_names == ("", "", "Cult films", "")
    assert sorted(FactorSource.of_model(moved).names) == ["", "", "", "Cult films"]
    mixed = after(moved, "varimax")
    assert FactorSource.of_model(mixed).names == ("",) * 4
    assert mixed.shown is not None and mixed.shown.basis.before is not None
    assert "Cult films" in mixed.shown.basis.before.names


def test_shares_are_claimed_only_while_attributes_are_those_of_the_svd(model: Model) -> None:
    seen = [current(after(model, *acts)).basis.has_shares for acts in (["order"], ["svd"], ["svd", "flip", "order"])]
    assert seen == [False, True, True]
    assert not current(after(model, "svd", "scale")).basis.has_shares


def test_proof_of_large_models_is_taken_on_a_fixed_sample() -> None:
    rng = np.random.default_rng(1)
    form = Predictor(rng.normal(size=(200, 4)), rng.normal(size=(150, 4)))
    other = replace(form, left=form.left + 0.5)
    told = proof(form, other)
    assert told.n_cells == 20_000 and told.difference > 0
    assert told == proof(form, other)


def test_a_model_file_keeps_what_is_shown_and_its_names(model: Model, tmp_path: Path) -> None:
    moved = after(model, "svd")
    assert moved.shown is not None
    kept = replace(moved, shown=shown(moved, moved.shown.basis.named(0, "Blockbusters")))
    save_model(kept, tmp_path / "m.alsgui")
    again = load_model(tmp_path / "m.alsgui")
    assert again.shown is not None and kept.shown is not None
    assert again.shown.basis.names == ("Blockbusters", "", "", "")
    assert again.shown.basis.has_shares
    np.testing.assert_array_equal(again.shown.factors.movies, kept.shown.factors.movies)


def test_a_damaged_basis_is_refused(model: Model) -> None:
    arrays, meta = to_parts(after(model, "svd"))
    with pytest.raises(DataError, match="no inverse"):
        from_parts(arrays | {"basis_inverse": np.zeros((4, 4))}, meta)
    with pytest.raises(DataError, match="not of 4 attributes"):
        from_parts(arrays, meta | {"basis": {"names": ["a"], "acts": []}})


def test_exports_write_what_is_shown_under_its_names(tmp_path: Path) -> None:
    model = tiny_model()
    named = replace(model, shown=shown(model, Basis.own(2).flipped(0).named(0, "Cult")))
    export_factors(named, tmp_path, ("csv", "npz"), "KxN")
    assert "attribute 1: Cult" in (tmp_path / "m.csv").read_text(encoding="utf-8")
    with np.load(tmp_path / "factors.npz") as saved:
        np.testing.assert_array_equal(saved["m"][0], -model.m[0])
        assert saved["attributes"].tolist() == ["attribute 1: Cult", "attribute 2"]


def test_genres_are_told_where_a_group_has_more_of_them_than_all_movies() -> None:
    genres = ["Horror|Sci-Fi", "Horror", "Drama", "Drama|Horror", "Drama", "Comedy", "(no genres listed)", ""]
    told = over_represented(genres, np.array([0, 1, 3]), shares_of(genres, np.arange(8)))
    assert [(each.genre, each.n, each.n_group, each.share) for each in told] == [("Horror", 3, 3, 3 / 8)]
    assert most_frequent(genres, 2) == ("Drama", "Horror")


def test_meaning_names_ends_of_attributes_and_biases(model: Model) -> None:
    source = FactorSource.of_model(model)
    known = meaning(source)
    assert len(known.ends) == 4 and known.movie_bias is not None and known.user_bias is not None
    bias = source.factors.movie_bias
    assert bias[known.movie_bias.low[0]] <= bias[known.movie_bias.high[0]]
    assert np.all(np.diff(source.factors.user_bias[known.user_bias.low]) >= 0)
    plain = meaning(FactorSource.of_model(model_of(biases=False)))
    assert plain.movie_bias is None and plain.user_bias is None
    with_genres = meaning(replace(source, genres=("Horror",) * 20 + ("Drama",) * 20))
    assert any(end.low_genres or end.high_genres for end in with_genres.ends)
