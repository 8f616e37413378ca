"""The nearest users by cosine: on other characteristics, on their ratings, or on the factors.

    by_table(model, table, vector, weights, k)   on a side table or `model.ratings.characteristics`
    by_profile(model, columns, values, k)        on the ratings, each less its user's mean
    by_factors(model, person, k)                 on u

Each gives `Neighbours`; `nearest(model)` is the nearest one's `Person`, `weighted(model)` the mean of all weighted by
their similarity. Users without training ratings are nobody's neighbour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alsgui.core.errors import DataError
from alsgui.core.model import Model
from alsgui.core.people import Person, informed_users, of_user
from alsgui.core.ratings import Floats, Ints
from alsgui.core.side_table import SideTable
from alsgui.core.similar import Measure
from alsgui.text import tr

USUAL_NEIGHBOURS = 10


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Users, the most alike first; ties in the order of the rows.

    Parameters
    ----------
    rows
        Their positions, int64.
    similarities
        Cosine, -1 to 1, unless another measure was asked for.
    """

    rows: Ints
    similarities: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def nearest(self, model: Model) -> Person:
        """The nearest user's weights, as a person who is not in the data.

        Raises
        ------
        DataError
            When nobody is near.
        """
        self._refuse_nobody()
        found = of_user(model, int(self.rows[0]))
        return Person(found.weights, found.bias)

    def weighted(self, model: Model) -> Person:
        """The mean of all, weighted by similarity; who is no more alike than chance (0 or below) has no part.

        Raises
        ------
        DataError
            When nobody is near.
        """
        self._refuse_nobody()
        shares = np.maximum(self.similarities, 0)
        if not shares.sum() > 0:
            return self.nearest(model)
        shares = shares / shares.sum()
        weights = shares @ model.factors.users[self.rows].astype(np.float64)
        return Person(weights, float(shares @ model.user_bias[self.rows].astype(np.float64)))

    def _refuse_nobody(self) -> None:
        if not len(self.rows):
            raise DataError(tr("Nobody is near: nothing is known to compare by."), tr("Fill in at least one field."))


def characteristics(model: Model) -> SideTable | None:
    """What the data say of users beside their ratings, or None."""
    if model.ratings is None or not model.ratings.characteristics:
        return None
    return SideTable(model.ratings.characteristics)


def by_table(
    model: Model,
    table: SideTable,
    vector: Floats,
    weights: Mapping[str, float] | None = None,
    k: int = USUAL_NEIGHBOURS,
    leave_out: int | None = None,
) -> Neighbours:
    """The `k` users nearest on a table with a row for each user.

    Parameters
    ----------
    vector
        Whom they shall be near: a row of `table.encoded(weights)` or `table.encode(answers, weights)`.
    leave_out
        A row that is not in the list, such as the person's own.
    """
    return _nearest(model, table.encoded(weights), vector, k, leave_out)


def by_factors(model: Model, person: Person, k: int = USUAL_NEIGHBOURS, measure: Measure = "cosine") -> Neighbours:
    """The `k` users whose weights u are nearest; biases play no part. Euclidean similarities are minus the distance."""
    return _nearest(model, model.factors.users, np.asarray(person.weights), k, person.row, measure)


def by_profile(
    model: Model, columns: Ints, values: Floats, k: int = USUAL_NEIGHBOURS, leave_out: int | None = None
) -> Neighbours:
    """The `k` users whose training ratings are nearest to these, each less its user's mean; unrated counts as 0.

    Raises
    ------
    DataError
        When the model was saved without its ratings.
    """
    if model.split is None:
        raise DataError(tr("The model was saved without its ratings."), tr("Save it with them."))
    training = model.split.training
    means = np.nan_to_num(training.user_means)
    data = training.csr.data.astype(np.float64) - means[training.users_of_ratings]
    rows = sparse.csr_array((data, training.csr.indices, training.csr.indptr), shape=training.csr.shape)
    profile = np.zeros(model.n_movies)
    if len(columns):
        profile[columns] = np.asarray(values, np.float64) - np.mean(values)
    squares = np.concatenate([[0.0], np.cumsum(data**2)])
    lengths = np.sqrt(squares[training.csr.indptr[1:]] - squares[training.csr.indptr[:-1]])
    return _by_cosine(model, np.asarray(rows @ profile), lengths, float(np.linalg.norm(profile)), k, leave_out)


def _nearest(
    model: Model, rows: Floats, vector: Floats, k: int, leave_out: int | None, measure: Measure = "cosine"
) -> Neighbours:
    exact, wanted = np.asarray(rows, np.float64), np.asarray(vector, np.float64)
    if measure == "cosine":
        lengths = np.linalg.norm(exact, axis=1)
        return _by_cosine(model, exact @ wanted, lengths, float(np.linalg.norm(wanted)), k, leave_out)
    near = exact @ wanted if measure == "dot" else -np.linalg.norm(exact - wanted, axis=1)
    return _best(near, informed_users(model), k, leave_out)


def _by_cosine(
    model: Model, products: Floats, lengths: Floats, length: float, k: int, leave_out: int | None
) -> Neighbours:
    usable = informed_users(model) & (lengths > 1e-12 * max(float(lengths.max(initial=0.0)), 1e-300))
    if not length > 0:
        usable = np.zeros_like(usable)
    return _best(products / np.where(usable, lengths * max(length, 1e-300), 1.0), usable, k, leave_out)


def _best(near: Floats, usable: npt.NDArray[np.bool_], k: int, leave_out: int | None) -> Neighbours:
    kept = usable.copy()
    if leave_out is not None:
        kept[leave_out] = False
    candidates = np.flatnonzero(kept)
    best = candidates[np.argsort(-near[candidates], kind="stable")[:k]]
    return Neighbours(best, near[best])
