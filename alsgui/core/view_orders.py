"""In which order the pictures show users and movies: by one number of each, in blocks of like ones, or a person's list.

Every order is a permutation (or a selection) made once; tiles are drawn from what it puts side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from alsgui.core import orders
from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.similarity import BlockOrder, keeping, named, similar_blocks

if TYPE_CHECKING:
    from alsgui.core.factor_view import FactorSource

OrderKey = Literal["prediction", "rating", "activity", "id", "title", "attribute", "blocks", "leaves", "list"]
ViewSide = Literal["user", "movie"]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Order:
    """An order of users or movies.

    Parameters
    ----------
    key
        What decides: mean prediction, mean rating, number of ratings, id, title, one attribute; "blocks" of similar
        predictions with rows by mean inside, "leaves" with like rows beside one another, or a "list" of ids.
    attribute
        Counted from 0, where the key is "attribute".
    ids
        Where the key is "list": these and no others, in this order; those not known are passed over.
    """

    key: OrderKey = "prediction"
    attribute: int = 0
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ViewChoice:
    """What a person chose: order of rows and columns, and how many ratings a movie must have to be shown."""

    rows: Order = Order()
    columns: Order = Order()
    at_least: int = 0


@dataclass(frozen=True, eq=False)
class SideFacts:
    """One side of a source, as orders and margins ask about it.

    Parameters
    ----------
    ids, titles
        Names; titles only of movies, where known.
    counts, means
        Training ratings of each row, and their mean in stars (NaN for none; None where ratings are not there).
    factors
        n x K.
    rows, others
        Both sides of the bilinear form, this one first.
    """

    ids: Sequence[str]
    titles: Sequence[str] | None
    counts: Ints
    means: Floats | None
    factors: Floats
    rows: Floats
    others: Floats

    def mean_predictions(self) -> npt.NDArray[np.float64]:
        """Mean of each row of r, in stars."""
        return np.asarray(self.rows.astype(np.float64) @ self.others.mean(axis=0, dtype=np.float64))


def side_facts(source: FactorSource, side: ViewSide) -> SideFacts:
    """What is known of the users or of the movies."""
    training: Ratings | None = None if source.split is None else source.split.training
    form, factors = source.predictor, source.factors
    if side == "user":
        means = None if training is None else training.user_means
        return SideFacts(source.user_ids, None, source.user_counts, means, factors.users, form.left, form.right)
    means = None if training is None else training.movie_means
    return SideFacts(
        source.movie_ids, source.titles, source.movie_counts, means, factors.movies, form.right, form.left
    )  # fmt: skip


def choose_orders(source: FactorSource, choice: ViewChoice) -> tuple[BlockOrder, BlockOrder]:
    """Users and movies as chosen, with the blocks they make (none for most orders), those of movies named by genre.

    Movies with fewer ratings than asked for are left out, unless they are on a person's own list.
    """
    shown = source.movie_counts >= choice.at_least
    everybody = np.ones(len(source.user_ids), bool)
    users = _ordered(side_facts(source, "user"), choice.rows, everybody, shown)
    movies = _ordered(side_facts(source, "movie"), choice.columns, shown, source.user_counts > 0)
    return users, named(movies, source.genres)


def _ordered(facts: SideFacts, order: Order, shown: Mask, others_shown: Mask) -> BlockOrder:
    if order.key == "list":
        rows = {identity: row for row, identity in enumerate(facts.ids)}
        listed = dict.fromkeys(rows[identity] for identity in order.ids if identity in rows)
        return BlockOrder(np.array([*listed], np.int64), ())
    if order.key in ("blocks", "leaves"):
        kept, others = np.flatnonzero(shown), facts.others[others_shown]
        found = similar_blocks(facts.rows[kept], others, by_leaves=order.key == "leaves")
        return keeping(found, kept)
    return BlockOrder(orders.keeping(_by_one_thing(facts, order), shown), ())


def _by_one_thing(facts: SideFacts, order: Order) -> Ints:
    if order.key == "prediction":
        return orders.falling(facts.mean_predictions())
    if order.key == "rating" and facts.means is not None:
        return orders.falling(np.where(facts.counts > 0, facts.means, np.nan))
    if order.key == "attribute":
        return orders.falling(facts.factors[:, order.attribute])
    if order.key == "title" and facts.titles is not None:
        return orders.by_id([title.casefold() for title in facts.titles])
    return orders.by_id(facts.ids) if order.key in ("id", "title") else orders.falling(facts.counts)
