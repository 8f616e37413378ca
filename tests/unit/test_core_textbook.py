"""The text-book's figures equal NumPy's, and no fit beats the best of its rank."""

from __future__ import annotations

import numpy as np
import pytest

from alsgui.core.conventions import preset_settings
from alsgui.core.errors import DataError
from alsgui.core.fitting import fit
from alsgui.core.generate import chapter
from alsgui.core.split import split
from alsgui.core.textbook import textbook_figures


@pytest.mark.parametrize("preset", ["textbook", "r_als", "sklearn_nmf"])
def test_figures_are_numpys_and_close_to_the_best_of_rank_two(preset: str) -> None:
    ratings = chapter(20, 30)
    algorithm, settings = preset_settings(preset)
    model = fit(split(ratings, 0.0, 0), algorithm, **{**settings, "k": 2})
    y = ratings.csr.toarray().astype(float)
    figures = textbook_figures(y, model)
    u, m = np.asarray(model.u, dtype=float), np.asarray(model.m, dtype=float)
    left, sizes, right = np.linalg.svd(y, full_matrices=False)
    best = (left[:, :2] * sizes[:2]) @ right[:2]
    assert figures.mse == pytest.approx(((y - u.T @ m) ** 2).mean())
    assert figures.rmse == pytest.approx(np.sqrt(figures.mse))
    assert figures.best_mse == pytest.approx(((y - best) ** 2).mean())
    assert figures.best_mse <= figures.mse < 1.06 * figures.best_mse
    assert figures.explained == pytest.approx(1 - figures.best_mse / y.var())
    np.testing.assert_allclose(figures.first_user, u[:, 0])
    np.testing.assert_allclose(figures.second_user, u[:, 1])
    np.testing.assert_allclose(figures.first_movie, m[:, 0])
    np.testing.assert_allclose(figures.mean_user, u.mean(axis=1))
    order = np.argsort(m.T @ u.mean(axis=1))
    np.testing.assert_array_equal(figures.lowest, order[:6])
    np.testing.assert_array_equal(figures.highest, order[::-1][:6])


def test_ratings_with_holes_have_no_such_figures() -> None:
    model = fit(split(chapter(6, 5), 0.0, 0), "ridge", k=1)
    with pytest.raises(DataError):
        textbook_figures(np.full((6, 5), np.nan), model)
