"""Other attributes for the same predictions: r = u^T m = (T u)^T (T^-T m) for every invertible T.

Factors are only defined up to such a T. A `Basis` is one, with the names that a person gave to its attributes; making
another one changes what is looked at and never the model: everything that solves uses the model's own factors, since
lambda |u|^2 is kept by rotations alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import ConfigError
from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.factors import Factors
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import Model

PROOF_CELLS = 20_000
"""Cells on which predictions before and after are compared."""

MOST_ROTATED = 5000

_RIDGE = 1e-13
"""Of the mean square of a side: keeps T invertible where an attribute is empty or a copy of others."""

_NONE_LARGER = 1e-9
_ROUNDS, _SETTLED = 200, 1e-8

Square = npt.NDArray[np.float64]

KEEPING_SHARES = ("flip", "order", "name")
"""Acts that leave what an attribute is."""


@dataclass(frozen=True, eq=False)
class Basis:
    """Which attributes are shown.

    Parameters
    ----------
    matrix, inverse
        T and its inverse (K x K, float64): shown are T u and T^-T m.
    names
        What a person calls the attributes shown (K); "" for none.
    acts
        What was done since the model's own attributes: "flip", "order", "scale", "svd", "varimax", "name".
    before
        The basis before the last act, for undo; None at the model's own attributes.
    """

    matrix: Square
    inverse: Square
    names: tuple[str, ...]
    acts: tuple[str, ...] = ()
    before: Basis | None = None

    @classmethod
    def own(cls, k: int) -> Basis:
        """The model's own attributes, without names."""
        return cls(np.eye(k), np.eye(k), ("",) * k)

    @property
    def k(self) -> int:
        """Number of attributes K."""
        return len(self.names)

    @property
    def is_own(self) -> bool:
        """Whether the attributes shown are the model's own (though perhaps with names)."""
        return all(act == "name" for act in self.acts)

    @property
    def has_shares(self) -> bool:
        """Whether sizes are singular values, so that their squares add up to all of u^T m."""
        what = [act for act in self.acts if act not in KEEPING_SHARES]
        return bool(what) and what[-1] == "svd"

    @property
    def own_names(self) -> tuple[str, ...]:
        """Names of the model's own attributes (K): of those shown as they are, but for sign, size and place."""
        names = [""] * self.k
        large = np.abs(self.matrix) > _NONE_LARGER * np.abs(self.matrix).max(initial=0.0)
        for shown, own in zip(*np.nonzero(large), strict=True):
            if large[shown].sum() == 1 and large[:, own].sum() == 1:
                names[own] = self.names[shown]
        return tuple(names)

    def turned(self, act: str, matrix: Square, inverse: Square, names: tuple[str, ...] | None = None) -> Basis:
        """The basis after one more change: `matrix` times this one. Names are lost unless they are given."""
        return Basis(
            matrix @ self.matrix, self.inverse @ inverse, names or ("",) * self.k, (*self.acts, act), before=self
        )

    def named(self, attribute: int, name: str) -> Basis:
        """With another name of one attribute (0-based)."""
        names = (*self.names[:attribute], " ".join(name.split()), *self.names[attribute + 1 :])
        return replace(self, names=names, acts=(*self.acts, "name"), before=self)

    def flipped(self, attribute: int) -> Basis:
        """With the ends of one attribute (0-based) exchanged."""
        signs = np.where(np.arange(self.k) == attribute, -1.0, 1.0)
        return self.turned("flip", np.diag(signs), np.diag(signs), self.names)


@dataclass(frozen=True)
class Proof:
    """How far predictions are from each other in two bases.

    Parameters
    ----------
    difference
        Largest |r before - r after|, in stars, products and sums in float64.
    largest
        Largest |r|, in stars.
    n_cells
        Cells compared.
    """

    difference: float
    largest: float
    n_cells: int


@dataclass(frozen=True, eq=False)
class Shown:
    """A basis with the factors and the predictor in it; biases are the model's own.

    Parameters
    ----------
    basis
        Which attributes.
    factors
        T u and T^-T m in the model's dtype.
    predictor
        The same predictions from them.
    proof
        How far these are from those of the model's own attributes; None where nobody looked.
    """

    basis: Basis
    factors: Factors
    predictor: Predictor
    proof: Proof | None = None


def shown(model: Model, basis: Basis) -> Shown:
    """The factors of a model in a basis."""
    if basis.is_own:
        return Shown(basis, model.factors, model.predictor)
    own, form = model.factors, model.predictor
    users = (own.users.astype(np.float64) @ basis.matrix.T).astype(own.users.dtype)
    movies = (own.movies.astype(np.float64) @ basis.inverse).astype(own.movies.dtype)
    return Shown(
        basis,
        replace(own, users=users, movies=movies),
        Predictor(np.hstack([users, form.left[:, own.k :]]), np.hstack([movies, form.right[:, own.k :]])),
    )


def exchanged(model: Model, basis: Basis) -> Shown:
    """`shown`, with the proof that it predicts what the model's own attributes do."""
    made = shown(model, basis)
    return replace(made, proof=proof(model.predictor, made.predictor))


def current(model: Model) -> Shown:
    """What is shown of a model: the basis that was chosen last, else its own attributes."""
    return model.shown or shown(model, Basis.own(model.k))


def ordered(now: Shown) -> Basis:
    """Attributes by falling size |u_k| |m_k|."""
    order = np.argsort(-sizes(now.factors), kind="stable")
    swap = np.eye(len(order))[order]
    return now.basis.turned("order", swap, swap.T, tuple(now.basis.names[k] for k in order))


def scaled(now: Shown) -> Basis:
    """The loadings of every attribute at length 1; an empty one stays."""
    lengths = np.linalg.norm(now.factors.movies.astype(np.float64), axis=0)
    lengths = np.where(lengths > 0, lengths, 1.0)
    return now.basis.turned("scale", np.diag(lengths), np.diag(1 / lengths), now.basis.names)


def svd(now: Shown) -> Basis:
    """The singular value decomposition of u^T m, from the two K x K Gram matrices: the product is never formed.

    With L_u L_u^T = u u^T, L_m L_m^T = m m^T and L_u^T L_m = A d B^T, T = d^1/2 A^T L_u^-1 gives T u and T^-T m with
    orthogonal rows of squared length d_k. Signs are such that the largest loading of each attribute is positive.
    """
    root_u, root_m = _root(now.factors.users), _root(now.factors.movies)
    left, values, right = np.linalg.svd(root_u.T @ root_m)
    root = np.sqrt(values)
    matrix = np.linalg.solve(root_u.T, left * root).T
    inverse = np.linalg.solve(root_m.T, right.T * root)
    signs = _signs(now.factors.movies.astype(np.float64) @ inverse)
    return now.basis.turned("svd", signs[:, None] * matrix, inverse * signs)


def varimax(now: Shown) -> Basis:
    """The rotation that makes each movie load on few attributes (Kaiser 1958, without row normalisation).

    It maximises the variance of the squared loadings of each attribute. Signs as in `svd`. Of more movies than
    `MOST_ROTATED` those with the longest loadings decide: in the fourth power the others weigh nothing.
    """
    every = now.factors.movies.astype(np.float64)
    lengths = np.linalg.norm(every, axis=1)
    loadings = every[np.argsort(-lengths, kind="stable")[:MOST_ROTATED]]
    rotation, reached = np.eye(now.basis.k), 0.0
    for _ in range(_ROUNDS):
        turned = loadings @ rotation
        squares = turned * turned
        pull = loadings.T @ (turned * (squares - squares.mean(axis=0)))
        left, values, right = np.linalg.svd(pull)
        rotation = left @ right
        if values.sum() <= reached * (1 + _SETTLED):
            break
        reached = float(values.sum())
    rotation = rotation * _signs(every @ rotation)
    return now.basis.turned("varimax", rotation.T, rotation)


ACTS = {"order": ordered, "scale": scaled, "svd": svd, "varimax": varimax}
"""Changes of all attributes at once, by name."""


def allowed(model: Model, act: str) -> bool:
    """Whether a change keeps what the model promises: non-negative factors stay non-negative."""
    return act in ("order", "scale", "name") or not is_nonnegative(model)


def is_nonnegative(model: Model) -> bool:
    """Whether the algorithm keeps factors at zero or above."""
    return model.config.algorithm in ("nonnegative", "nmf")


def changed(model: Model, act: str, attribute: int = 0) -> Basis:
    """The basis after one act on what is shown of a model.

    Parameters
    ----------
    act
        "flip" (of one attribute, 0-based), "order", "scale", "svd" or "varimax".

    Raises
    ------
    ConfigError
        When the act would make non-negative factors negative.
    """
    if not allowed(model, act):
        raise ConfigError(
            tr("Factors of this algorithm are never negative: only their order and their size can be changed."),
            tr("Order by size, or scale to unit length."),
        )
    now = current(model)
    return now.basis.flipped(attribute) if act == "flip" else ACTS[act](now)


def proof(before: Predictor, after: Predictor) -> Proof:
    """Compare two predictors on all cells, or on a fixed sample of `PROOF_CELLS`."""
    n_users, n_movies = len(before.left), len(before.right)
    if n_users * n_movies <= PROOF_CELLS:
        rows, columns = (index.ravel() for index in np.indices((n_users, n_movies)))
    else:
        rng = np.random.default_rng(0)
        rows, columns = (rng.integers(n, size=PROOF_CELLS) for n in (n_users, n_movies))
    old, new = before.cells(rows, columns), after.cells(rows, columns)
    return Proof(float(np.abs(old - new).max(initial=0.0)), float(np.abs(old).max(initial=0.0)), len(rows))


def sizes(factors: Factors) -> Square:
    """|u_k| |m_k| of each attribute (K)."""
    users, movies = (np.linalg.norm(side.astype(np.float64), axis=0) for side in (factors.users, factors.movies))
    return np.asarray(users * movies)


def _root(rows: Floats) -> Square:
    """Lower Cholesky factor of a side's Gram matrix."""
    exact = rows.astype(np.float64)
    gram = exact.T @ exact
    ridge = _RIDGE * max(float(np.trace(gram)) / max(len(gram), 1), np.finfo(np.float64).tiny / _RIDGE)
    return np.asarray(np.linalg.cholesky(gram + ridge * np.eye(len(gram))), np.float64)


def _signs(loadings: Floats) -> Square:
    """Signs that make the largest loading of each attribute positive."""
    at: Ints = np.argmax(np.abs(loadings), axis=0)
    return np.where(loadings[at, np.arange(loadings.shape[1])] < 0, -1.0, 1.0)
