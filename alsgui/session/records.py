"""The figures of a run's epochs, to which the next epochs are added at the cost of those alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from alsgui.core.model import EpochRecord


class Records(Sequence["EpochRecord"]):
    """A sequence that never changes; a longer one made from it shares what both hold.

    A fit of tiny ratings does ten thousand epochs a second: a tuple that is made anew for each batch would cost more
    the longer the run is.

    Parameters
    ----------
    records
        The epochs, oldest first.
    """

    def __init__(self, records: Iterable[EpochRecord] = ()) -> None:
        self._shared: list[EpochRecord] = list(records)
        self._n = len(self._shared)
        self._best = best_of(self._shared)

    def extended(self, records: Sequence[EpochRecord]) -> Records:
        """These and more."""
        if len(self._shared) != self._n:  # a longer one was made before, and goes another way
            return Records([*self, *records])
        longer = Records.__new__(Records)
        self._shared.extend(records)
        longer._shared, longer._n = self._shared, len(self._shared)
        longer._best = best_of([*([] if self._best is None else [self._best]), *records])
        return longer

    @property
    def best(self) -> EpochRecord | None:
        """Epoch with the lowest hold-out RMSE, or the highest NDCG; None without a hold-out."""
        return self._best

    def __len__(self) -> int:
        return self._n

    def __iter__(self) -> Iterator[EpochRecord]:
        return (self._shared[index] for index in range(self._n))

    @overload
    def __getitem__(self, index: int) -> EpochRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[EpochRecord]: ...
    def __getitem__(self, index: int | slice) -> EpochRecord | list[EpochRecord]:
        if isinstance(index, slice):
            return [self._shared[each] for each in range(*index.indices(self._n))]
        if not -self._n <= index < self._n:
            raise IndexError(index)
        return self._shared[index % self._n]


def best_of(records: Iterable[EpochRecord]) -> EpochRecord | None:
    """The first epoch with the lowest hold-out RMSE, or where lists are judged with the highest NDCG."""
    best: EpochRecord | None = None
    for record in records:
        if record.ndcg_holdout is not None:
            if best is None or best.ndcg_holdout is None or record.ndcg_holdout > best.ndcg_holdout:
                best = record
        elif record.rmse_holdout == record.rmse_holdout and (
            best is None or (best.ndcg_holdout is None and record.rmse_holdout < best.rmse_holdout)
        ):
            best = record
    return best
