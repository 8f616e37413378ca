"""Predictions for users whom a model has not learnt from: folded in from what they tell, m held."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from alsgui.core.predictor import Predictor, left_rows
from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.packed import Entries

if TYPE_CHECKING:
    from alsgui.core.model import Model

FoldIn = Callable[[Entries], tuple[Floats, Floats]]
"""Weights (n x K) and biases (n) of newcomers from their compressed rows."""


def folded(
    known: Ratings, form: Predictor, fold_in: FoldIn, mu: float, overall: float, *, biases: bool, levels: bool
) -> Predictor:
    """The predictions of users who tell the rows of `known`; its rows are the rows of the predictor.

    Parameters
    ----------
    known
        What each tells.
    form
        Of the model, whose movies are taken as they are.
    fold_in
        How the model's algorithm solves their rows.
    mu, overall, biases, levels
        As in `predictor.left_rows`.
    """
    rows = Entries(known.csr.indptr, known.csr.indices, known.csr.data)
    weights, bias = fold_in(rows)
    return Predictor(left_rows(weights, bias, mu, known, overall, biases=biases, levels=levels), form.right)


def folded_into(model: Model, known: Ratings) -> Predictor:
    """The predictions of a model for users who tell the rows of `known`.

    Raises
    ------
    DataError
        When the model was saved without its ratings, or its loss needs every cell.
    """
    levels = model.config.predicts_ratings
    return folded(
        known, model.predictor, model.fold_in_all, model.mu, model.summary.mean, biases=model.has_biases, levels=levels
    )
