"""`TrainingSummary`: what a model keeps of the ratings it was fitted to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from alsgui.core.metrics import rating_range
from alsgui.core.ratings import Ints, Scale
from alsgui.core.split import Split


@dataclass(frozen=True, eq=False)
class TrainingSummary:
    """What a model keeps of its training ratings, so that it works without them.

    Parameters
    ----------
    user_ids, movie_ids, titles, genres, scale, noun, name
        As in `Ratings`.
    mean
        Mean of the training ratings, in stars.
    low, high
        Their range, to which hold-out predictions are clipped.
    user_counts, movie_counts
        Training ratings of each row; a row without is "no information".
    n_ratings
        Their number.
    fingerprint
        Of all ratings, hold-out included.
    """

    user_ids: tuple[str, ...]
    movie_ids: tuple[str, ...]
    titles: tuple[str, ...] | None
    genres: tuple[str, ...] | None
    scale: Scale
    noun: str
    name: str
    mean: float
    low: float
    high: float
    user_counts: Ints
    movie_counts: Ints
    n_ratings: int
    fingerprint: str

    @classmethod
    def of(cls, split: Split) -> TrainingSummary:
        """Summary of the training ratings of a split."""
        training = split.training
        low, high = rating_range(training)
        return cls(
            training.user_ids,
            training.movie_ids,
            training.titles,
            training.genres,
            training.scale,
            training.noun,
            training.name,
            training.mean,
            low,
            high,
            training.user_counts,
            training.movie_counts,
            training.n_ratings,
            split.ratings.fingerprint,
        )

    @cached_property
    def user_rows(self) -> Mapping[str, int]:
        """User id -> row."""
        return {identity: row for row, identity in enumerate(self.user_ids)}

    @cached_property
    def movie_columns(self) -> Mapping[str, int]:
        """Movie id -> column."""
        return {identity: column for column, identity in enumerate(self.movie_ids)}

    @cached_property
    def movies_by_id(self) -> Ints:
        """Columns in the order of their ids: by number where all are whole numbers, else as text."""
        return by_id(self.movie_ids)

    @cached_property
    def users_by_id(self) -> Ints:
        """Rows in the order of their ids."""
        return by_id(self.user_ids)

    def to_json(self) -> dict[str, Any]:
        """Plain values, all but the counts."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if not name.endswith("_counts")}
        return values | {"scale": asdict(self.scale)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any], user_counts: Ints, movie_counts: Ints) -> TrainingSummary:
        """Inverse of `to_json`."""
        known = dict(values) | {"scale": Scale(**values["scale"])}
        for name in ("user_ids", "movie_ids", "titles", "genres"):
            known[name] = None if known[name] is None else tuple(known[name])
        return cls(**known, user_counts=user_counts, movie_counts=movie_counts)


def by_id(ids: tuple[str, ...]) -> Ints:
    """Positions in the order of the ids: by number where all are whole numbers, else as text."""
    try:
        keys = np.array([int(identity) for identity in ids], np.int64)
    except (ValueError, OverflowError):
        return np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    return np.argsort(keys, kind="stable")
