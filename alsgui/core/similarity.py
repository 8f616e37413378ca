"""Rows and columns in blocks of similar predictions: k-means on the rows of r, which is never built.

The distance of two rows of r = left right^T is that of left in the metric of the Gram matrix right^T right: with
right^T right = Q d Q^T, rows of left Q sqrt(d) have the very distances of rows of r. Hierarchical leaf order on raw
factors showed no blocks; on the rows of r it serves inside a block.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.cluster.vq import ClusterError, kmeans2

from alsgui.core.ratings import Floats, Ints

MOST_BLOCKS = 8
ROWS_PER_BLOCK = 12
"""At least so many rows to a block, on average."""

MOST_LEAVES = 5_000
"""Rows of a block up to which leaves are ordered; larger ones stay by mean."""

_SAMPLE = 4_000
_STARTS = 4
_ITERATIONS = 15


@dataclass(frozen=True)
class RowBlock:
    """Rows start..stop of an order that belong together; `name` is empty where none fits."""

    start: int
    stop: int
    name: str = ""


@dataclass(frozen=True, eq=False)
class BlockOrder:
    """All rows in blocks, the blocks from the highest mean to the lowest."""

    order: Ints
    blocks: tuple[RowBlock, ...]


def similar_blocks(
    rows: Floats, others: Floats, n_blocks: int | None = None, *, by_leaves: bool = False, seed: int = 0
) -> BlockOrder:
    """Order rows of r = rows others^T in blocks of like ones.

    Parameters
    ----------
    rows
        n x W, one row for each row of r: factors and what stands for biases.
    others
        The other side, of those that are shown.
    n_blocks
        How many; None for what the number of rows asks for.
    by_leaves
        Whether rows of a block stand beside those most like them (up to `MOST_LEAVES`), not by their mean.
    seed
        Of the starts of k-means.
    """
    if n_blocks is None:
        n_blocks = max(1, min(MOST_BLOCKS, len(rows) // ROWS_PER_BLOCK))
    points = metric_points(rows, others)
    middle = others.mean(axis=0, dtype=np.float64) if len(others) else np.zeros(rows.shape[1])
    means = rows.astype(np.float64) @ middle
    labels = k_means(points, n_blocks, seed)
    present = np.unique(labels)
    falling = present[np.argsort([-means[labels == label].mean() for label in present], kind="stable")]
    order: list[Ints] = []
    blocks: list[RowBlock] = []
    for label in falling:
        inside = np.flatnonzero(labels == label)
        inside = inside[np.argsort(-means[inside], kind="stable")]
        if by_leaves and 2 < len(inside) <= MOST_LEAVES:
            inside = inside[_leaves(points[inside], means[inside])]
        start = blocks[-1].stop if blocks else 0
        blocks.append(RowBlock(start, start + len(inside)))
        order.append(inside)
    return BlockOrder(np.concatenate(order) if order else np.empty(0, np.int64), tuple(blocks))


def metric_points(rows: Floats, others: Floats) -> Floats:
    """Points (n x W, float64) with the distances that the rows of r = rows others^T have, over sqrt(len(others))."""
    wide = others.astype(np.float64)
    gram = wide.T @ wide / max(len(wide), 1)
    values, vectors = np.linalg.eigh(gram)
    points: Floats = rows.astype(np.float64) @ (vectors * np.sqrt(np.maximum(values, 0)))
    return points


def k_means(points: Floats, k: int, seed: int = 0) -> Ints:
    """Block of each point: the best of some starts, on a sample of many; fewer than `k` if they coincide."""
    rng = np.random.default_rng(seed)
    sample = points if len(points) <= _SAMPLE else points[rng.choice(len(points), _SAMPLE, replace=False)]
    k = min(k, len(np.unique(sample, axis=0)))
    best, least = points[:1], np.inf
    for _ in range(_STARTS if len(points) else 0):
        centres = _centres(sample, k, rng)
        cost = float(_squared(sample, centres).min(axis=1).sum())
        if cost < least:
            best, least = centres, cost
    return np.asarray(_squared(points, best).argmin(axis=1)) if len(points) else np.empty(0, np.int64)


def named(order: BlockOrder, genres: Sequence[str] | None) -> BlockOrder:
    """The same with each block named by its most typical genre, "|" between several of a movie.

    Typical is what exceeds its share of all rows by the most of its own spread, not what is merely frequent.
    """
    if genres is None:
        return order
    of_row = [[part for part in text.split("|") if part and not part.startswith("(")] for text in genres]
    overall = Counter(part for row in order.order for part in of_row[row])
    n = len(order.order)
    blocks = []
    for block in order.blocks:
        size = block.stop - block.start
        inside = Counter(part for row in order.order[block.start : block.stop] for part in of_row[row])
        excess = {genre: _excess(count / size, overall[genre] / n) for genre, count in inside.items()}
        name = max(excess, key=lambda genre: (excess[genre], genre)) if excess else ""
        blocks.append(RowBlock(block.start, block.stop, name))
    return BlockOrder(order.order, tuple(blocks))


def _excess(share: float, overall: float) -> float:
    """How far a share lies above that of all, in standard deviations of one row."""
    return (share - overall) / math.sqrt(max(overall * (1 - overall), 1e-9))


def keeping(order: BlockOrder, kept: Ints) -> BlockOrder:
    """The same of the rows of a selection: row i is what is at `kept[i]`."""
    return BlockOrder(np.asarray(kept)[order.order], order.blocks)


def _centres(points: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Centres of k-means from one k-means++ start; fewer where a block ran empty."""
    for n in range(k, 1, -1):
        try:
            centres, _ = kmeans2(points, n, _ITERATIONS, minit="++", missing="raise", seed=rng)
        except ClusterError:
            continue
        return np.asarray(centres)
    return np.asarray(points.mean(axis=0, keepdims=True))


def _squared(points: Floats, centres: Floats) -> Floats:
    """Squared distances less what is the same for every centre and the point's own length (n x k)."""
    lengths = (points**2).sum(axis=1)[:, None]
    squared: Floats = lengths - 2 * points @ centres.T + (centres**2).sum(axis=1)[None, :]
    return squared


def _leaves(points: Floats, means: Floats) -> Ints:
    """Order in which like rows are neighbours, from the end with the higher mean."""
    order = leaves_list(linkage(points, "average")).astype(np.int64)
    half = len(order) // 2
    return order if means[order[:half]].mean() >= means[order[half:]].mean() else order[::-1]
