"""Where movies and users lie: along attributes, along principal components, between two groups; and who is near.

Two movies are as far apart as their predictions differ, biases aside: |m_i - m_j| in the metric G = u u^T / N, the root
of the mean square over all users of u^T (m_i - m_j), in stars. For users the movies take that part. Unlike distances of
bare factors it is the same in every basis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from alsgui.core.factor_view import FactorSource
from alsgui.core.ratings import Floats, Ints

Thing = Literal["movie", "user"]
Coordinates = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Space:
    """One side of a source as points.

    Parameters
    ----------
    thing
        Whose points.
    rows
        Factors (n x K, float64).
    counts
        Training ratings of each.
    metric
        G (K x K).
    """

    thing: Thing
    rows: Coordinates
    counts: Ints
    metric: Coordinates

    @classmethod
    def of(cls, source: FactorSource, thing: Thing) -> Space:
        """The movies or the users of a source."""
        sides = {
            "movie": (source.factors.movies, source.movie_counts),
            "user": (source.factors.users, source.user_counts),
        }
        rows, counts = sides[thing]
        others, other_counts = sides["user" if thing == "movie" else "movie"]
        known = others[other_counts > 0].astype(np.float64)
        return cls(thing, rows.astype(np.float64), counts, known.T @ known / max(len(known), 1))

    @property
    def root(self) -> Coordinates:
        """L with L L^T = G: distances of rows times L are distances in the metric."""
        values, vectors = np.linalg.eigh(self.metric)
        return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of a space.

    Parameters
    ----------
    coordinates
        Of every point (n x 2), in stars, from the mean of those listed.
    shares
        Of the variance of those listed (2).
    """

    coordinates: Coordinates
    shares: tuple[float, float]


def principal(space: Space, listed: Ints) -> Components:
    """The two directions in which the listed points differ most; the larger reach points up and right."""
    points = space.rows @ space.root
    chosen = points[listed] if len(listed) else points
    middle = chosen.mean(axis=0)
    spread = (chosen - middle).T @ (chosen - middle)
    values, vectors = np.linalg.eigh(spread)
    order = np.argsort(-values, kind="stable")[:2]
    directions = np.zeros((points.shape[1], 2))
    directions[:, : len(order)] = vectors[:, order]
    found = (points - middle) @ directions
    inside = found[listed] if len(listed) else found
    at = np.abs(inside).argmax(axis=0)
    found = found * np.where(inside[at, [0, 1]] < 0, -1.0, 1.0)
    total = max(float(values.sum()), np.finfo(np.float64).tiny)
    shares = [float(values[k]) / total for k in order] + [0.0] * (2 - len(order))
    return Components(found, (max(shares[0], 0.0), max(shares[1], 0.0)))


def group_mean(space: Space, members: Ints) -> Coordinates:
    """The mean point of a group (K)."""
    return np.asarray(space.rows[members].mean(axis=0))


def between(space: Space, start: Coordinates, stop: Coordinates) -> Coordinates:
    """Where every point stands along the line from `start` (0) to `stop` (1), both of K numbers; 0 where they agree."""
    line = space.metric @ (stop - start)
    length = float((stop - start) @ line)
    if length <= np.finfo(np.float64).tiny:
        return np.zeros(len(space.rows))
    return np.asarray((space.rows - start) @ line / length)


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest points, and how far they are, in stars."""

    rows: Ints
    distances: Coordinates


def neighbours(space: Space, at: int, listed: Ints, n: int = 20) -> Neighbours:
    """The `n` listed points nearest to one; it is not among them."""
    others = listed[listed != at]
    apart = space.rows[others] - space.rows[at]
    distances = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", apart, space.metric, apart), 0.0))
    order = np.argsort(distances, kind="stable")[:n]
    return Neighbours(others[order], distances[order])


def inside_polygon(x: Floats, y: Floats, corners: Floats) -> npt.NDArray[np.bool_]:
    """Whether points lie in a polygon of `corners` (n x 2), by how often a ray to the right crosses its sides."""
    inside = np.zeros(len(x), np.bool_)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y0 != y1:
            crosses = (y0 > y) != (y1 > y)
            inside ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return inside
