"""The best few of many scores per row, kept from block to block."""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.kernels.compiled import compiled


@compiled
def _has(indices: Ints, start: int, stop: int, wanted: int) -> bool:
    """Whether sorted indices[start:stop] hold a number."""
    while start < stop:
        middle = (start + stop) // 2
        if indices[middle] < wanted:
            start = middle + 1
        elif indices[middle] > wanted:
            stop = middle
        else:
            return True
    return False


@compiled
def keep_best(
    scores: Floats,
    active: Ints,
    columns: Ints,
    places: Ints,
    rows: Ints,
    seen_indptr: Ints,
    seen_indices: Ints,
    best_scores: Floats,
    best_columns: Ints,
) -> None:
    """Put what is better than the last of each row's best in its place.

    Parameters
    ----------
    scores
        Of active row a and movie c (active x movies of this block).
    active
        Rows of `best_scores` that `scores` belong to.
    columns, places
        Of each movie of the block: its column, and its place in the order of ids, by which ties are broken.
    rows
        User of each row of `best_scores`.
    seen_indptr, seen_indices
        What each user has seen (compressed rows, sorted); of length 0 where nothing is hidden.
    best_scores, best_columns
        The best so far (rows x n), falling; -infinity and the place of none where there are fewer. `best_columns`
        holds pairs (column, place).
    """
    n = best_scores.shape[1]
    for a in range(len(active)):
        row = active[a]
        own, kept = best_scores[row], best_columns[row]
        least = own[n - 1]
        start, stop = 0, 0
        if len(seen_indptr):
            start, stop = seen_indptr[rows[row]], seen_indptr[rows[row] + 1]
        for c in range(scores.shape[1]):
            score = scores[a, c]
            if not score >= least:
                continue
            place = places[c]
            if score == least and place >= kept[n - 1, 1]:
                continue
            if _has(seen_indices, start, stop, columns[c]):
                continue
            at = n - 1
            while at > 0 and (own[at - 1] < score or (own[at - 1] == score and kept[at - 1, 1] > place)):
                own[at] = own[at - 1]
                kept[at, 0], kept[at, 1] = kept[at - 1, 0], kept[at - 1, 1]
                at -= 1
            own[at] = score
            kept[at, 0], kept[at, 1] = columns[c], place
            least = own[n - 1]


NO_PLACE = np.iinfo(np.int64).max
"""The place of what is not there: behind everything."""
