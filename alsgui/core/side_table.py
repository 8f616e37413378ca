"""What is known of users beside their ratings, as numbers whose cosine says who is alike.

Numeric columns get mean 0 and standard deviation 1 over the users, categories become one-hot over the square root of 2,
a missing value is the column's mean, and each column is multiplied by the square root of its weight.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError
from alsgui.core.ratings import Floats
from alsgui.text import tr

Table = Mapping[str, npt.NDArray[np.object_]]
"""Column name -> a value for each user, None where it is missing."""

_MISSING = ("", "na", "n/a", "nan", "null", "none")


@dataclass(frozen=True, eq=False)
class SideTable:
    """A table of users: column name -> N values (None = missing).

    Parameters
    ----------
    columns
        The values; text that reads as numbers throughout is numeric.
    """

    columns: Table

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.columns)

    def is_numeric(self, name: str) -> bool:
        """Whether a column holds numbers alone."""
        return self._parsed[name].dtype != object

    def choices(self, name: str) -> tuple[str, ...]:
        """Values of a category in the order of the alphabet, for a form; none for a numeric column."""
        if self.is_numeric(name):
            return ()
        return tuple(sorted({value for value in self._parsed[name] if value is not None}))

    def middle(self, name: str) -> float:
        """Mean of a numeric column, for a form."""
        numbers = self._parsed[name].astype(np.float64)
        return float(np.nanmean(numbers)) if np.isfinite(numbers).any() else float("nan")

    def encoded(self, weights: Mapping[str, float] | None = None) -> Floats:
        """The users as rows of numbers (N x width).

        Parameters
        ----------
        weights
            Of columns, 0 and above; 1 where there is none.
        """
        parts = [self._encode(name, self._parsed[name], _weight(name, weights)) for name in self.columns]
        n = len(next(iter(self.columns.values()))) if self.columns else 0
        return np.hstack(parts) if parts else np.empty((n, 0))

    def encode(self, answers: Mapping[str, Any], weights: Mapping[str, float] | None = None) -> Floats:
        """One person who is not in the table (width); columns without an answer count as missing.

        Raises
        ------
        DataError
            When an answer is for no column, or is no number in a numeric one.
        """
        for name in answers:
            if name not in self.columns:
                raise DataError(
                    tr("There is no characteristic {name}.", name=name),
                    tr("There are: {names}.", names=", ".join(self.names)),
                )
        parts = []
        for name in self.columns:
            value = _cleaned(answers.get(name))
            row = np.array([value], dtype=object)
            if self.is_numeric(name):
                number = float("nan") if value is None else _number(value)
                if number is None:
                    raise DataError(tr("{name} is {value}.", name=name, value=value), tr("Give a number."))
                row = np.array([number])
            parts.append(self._encode(name, row, _weight(name, weights))[0])
        return np.concatenate(parts) if parts else np.empty(0)

    @cached_property
    def _parsed(self) -> dict[str, npt.NDArray[Any]]:
        """Columns as numbers (NaN = missing) or as text (None = missing)."""
        return {name: _parsed_column(values) for name, values in self.columns.items()}

    def _encode(self, name: str, values: npt.NDArray[Any], weight: float) -> Floats:
        known = self._parsed[name]
        if self.is_numeric(name):
            numbers = known[np.isfinite(known)]
            mean, spread = (float(numbers.mean()), float(numbers.std())) if len(numbers) else (0.0, 0.0)
            centred = np.nan_to_num((values.astype(np.float64) - mean) / (spread or 1.0))
            return np.asarray(np.sqrt(weight) * centred[:, None])
        kinds = self.choices(name)
        shares = np.array([np.mean([value == kind for value in known if value is not None]) for kind in kinds])
        rows = np.array(
            [shares if value is None else [value == kind for kind in kinds] for value in values], np.float64
        )
        return np.asarray(np.sqrt(weight / 2) * rows.reshape(len(values), len(kinds)))


def table_for(ids: Sequence[str], table_ids: Sequence[str], columns: Table) -> SideTable:
    """The table with its rows in the order of `ids`; users who are not in it have missing values."""
    place = {identity: at for at, identity in enumerate(table_ids)}
    at = np.array([place.get(identity, -1) for identity in ids], np.int64)
    made = {}
    for name, values in columns.items():
        padded = np.empty(len(values) + 1, dtype=object)
        padded[:-1] = values
        made[name] = padded[at]
    return SideTable(made)


def _weight(name: str, weights: Mapping[str, float] | None) -> float:
    weight = 1.0 if weights is None else float(weights.get(name, 1.0))
    if not 0 <= weight < float("inf"):
        raise DataError(tr("The weight of {name} is {weight}.", name=name, weight=weight), tr("Use 0 and above."))
    return weight


def _parsed_column(values: npt.NDArray[np.object_]) -> npt.NDArray[Any]:
    cleaned = [_cleaned(value) for value in values]
    numbers = [float("nan") if value is None else _number(value) for value in cleaned]
    if all(number is not None for number in numbers) and any(value is not None for value in cleaned):
        return np.array(numbers, np.float64)
    return np.array([None if value is None else str(value) for value in cleaned], dtype=object)


def _cleaned(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        value = value.strip()
        return None if value.casefold() in _MISSING else value
    return value


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None
