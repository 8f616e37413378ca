"""The words of the Factors page: what is under the cursor, what the axes are, what the search finds. No Qt."""

from __future__ import annotations

import math
from itertools import islice

from alsgui import text
from alsgui.core.attributes import Attributes
from alsgui.core.factor_view import FactorSource, Order
from alsgui.text import counted, pluralised, tr

Target = tuple[str, int]
"""Side ("user" or "movie") and its row or column."""

Found = tuple[str, str, str, Target]
"""Icon, text, subtitle and what choosing it goes to."""

MOST_OF_A_SIDE = 5


def order_words(order: Order, source: FactorSource | None = None) -> str:
    """An order, as it stands in its list and in axis titles; attributes by the names of a source."""
    words = {
        "blocks": tr("in blocks"),
        "leaves": tr("in blocks, like by like"),
        "prediction": tr("by mean prediction"),
        "rating": tr("by mean rating"),
        "activity": tr("by number of ratings"),
        "id": tr("by id"),
        "title": tr("by title"),
        "list": tr("own list"),
    }
    if order.key in words:
        return words[order.key]
    name = "" if source is None else source.name(order.attribute)
    return tr("by {name}", name=name) if name else tr("by attribute {k}", k=order.attribute + 1)


def order_tip(key: str) -> str:
    """What an order does, where its name does not say it; empty otherwise."""
    tips = {
        "blocks": tr("Groups of similar predictions (k-means on the rows of r), by mean inside"),
        "leaves": tr("The same groups; inside, those most alike stand side by side (up to 5 000)"),
        "list": tr("Those on your own list, in its order, and no others"),
    }
    return tips.get(key, "")


def filter_words(at_least: int) -> str:
    """A filter of movies, as it stands in its list."""
    return tr("≥ {n} ratings", n=at_least) if at_least else tr("all")


def users_title(order: Order, source: FactorSource | None = None) -> str:
    """Title of the axis of users."""
    if order.key == "blocks":
        return tr("users, in blocks of similar taste")
    return tr("users, {order}", order=order_words(order, source))


def movies_title(
    noun: str, order: Order, at_least: int, *, has_names: bool = False, source: FactorSource | None = None
) -> str:
    """Title of the axis of movies; `has_names` where blocks are named."""
    nouns = pluralised(noun)
    if at_least:
        nouns = tr("{movies} with ≥ {n} ratings", movies=nouns, n=at_least)
    if order.key == "blocks" and has_names:
        return tr("{movies}, in blocks named by their most typical genre", movies=nouns)
    return tr("{movies}, {order}", movies=nouns, order=order_words(order, source))


def user_words(source: FactorSource, row: int) -> str:
    """A user in words."""
    return tr("User {id}", id=source.user_ids[row])


def movie_words(source: FactorSource, column: int) -> str:
    """A movie in words: its title, or what it is and its id."""
    if source.titles is not None:
        return source.titles[column]
    return tr("{Movie} {id}", Movie=source.noun.capitalize(), id=source.movie_ids[column])


def given_words(source: FactorSource, row: int, column: int) -> str:
    """The rating of a cell in words."""
    given = source.observed(row, column)
    if math.isnan(given):
        return tr("not rated") if source.split is not None else tr("ratings not known")
    return tr("rated {stars}", stars=text.rating(given))


def cell_words(source: FactorSource, row: int, column: int, cells: tuple[int, int]) -> list[str]:
    """What is known of one cell of r: who and what, prediction, rating, what its pixel stands for."""
    predicted = source.prediction(row, column)
    words = [
        user_words(source, row),
        movie_words(source, column),
        tr("predicted {stars}", stars=text.rating(predicted))
        if source.predicts_ratings
        else tr("score {score}", score=text.score(predicted)),
        given_words(source, row, column),
    ]
    given = source.observed(row, column)
    if source.predicts_ratings and not math.isnan(given):
        words.append(tr("error {error}", error=text.contribution(given - predicted)))
    if max(cells) > 1:
        words.append(tr("pixel mean of {rows} × {columns} cells", rows=cells[0], columns=cells[1]))
    return words


def weight_words(source: FactorSource, side: str, at: int, attribute: int, n_cells: int) -> list[str]:
    """What is known of one cell of u or m."""
    is_user = side == "user"
    rows, counts = (
        (source.factors.users, source.user_counts) if is_user else (source.factors.movies, source.movie_counts)
    )
    name = user_words(source, at) if is_user else movie_words(source, at)
    if not counts[at]:
        return [name, tr("no information: no rating in training")]
    kind = tr("weight") if is_user else tr("loading")
    number = text.decimal(float(rows[at, attribute]), 3)
    words = [name, attribute_words(source, attribute), f"{kind} {number}"]
    noun = tr("user") if is_user else source.noun
    if n_cells > 1:
        words.append(tr("pixel mean of {n} {nouns}", n=text.count(n_cells), nouns=pluralised(noun)))
    return words


def attribute_words(source: FactorSource, attribute: int) -> str:
    """An attribute by its number, and the name that a person gave."""
    name = source.name(attribute)
    if name:
        return tr("attribute {k}: {name}", k=attribute + 1, name=name)
    return tr("attribute {k}", k=attribute + 1)


def mean_words(n_rows: float, n_columns: float) -> str:
    """For how many cells a pixel stands."""
    rows, columns = (text.decimal(max(n, 1.0), 1) for n in (n_rows, n_columns))
    return tr("mean of {rows} × {columns}", rows=rows, columns=columns)


def observed_words(cells: tuple[int, int], counts: int, y: float, error: float) -> str:
    """What a pixel of several cells holds: how many are rated, their means."""
    rated = counted(counts, tr("rating"))
    size = tr("{rows} × {columns} cells", rows=text.count(cells[0]), columns=text.count(cells[1]))
    if not counts:
        return tr("tile of {size}, none rated", size=size)
    return tr(
        "tile of {size}: {rated}, mean {mean}, mean error {error}",
        size=size, rated=rated, mean=text.rating(y), error=text.contribution(error),
    )  # fmt: skip


def end_titles(source: FactorSource, known: Attributes | None, attribute: int) -> tuple[str, str] | None:
    """The two extreme movies of an attribute in short, by which it is called; None where there are none."""
    if known is None or not known.low.shape[1]:
        return None
    low, high = (source.title(int(ends[attribute, 0])) for ends in (known.low, known.high))
    return text.headline(low), text.headline(high)


def without_year(title: str) -> str:
    """A title without the year behind it: Heat (1995) is Heat."""
    head, bracket, tail = title.rpartition(" (")
    return head if bracket and tail.endswith(")") and tail[:-1].isdigit() else title


def find(source: FactorSource | None, typed: str) -> list[Found]:
    """Users whose id and movies whose title or id starts with or holds what was typed, the exact ones first."""
    wanted = typed.strip().casefold()
    if source is None or not wanted:
        return []
    return [*_users(source, wanted), *_movies(source, wanted)]


def _users(source: FactorSource, wanted: str) -> list[Found]:
    identity = wanted.removeprefix(tr("user")).strip()
    folded = [(row, user.casefold()) for row, user in enumerate(source.user_ids)]
    first = [row for row, user in folded if user == identity]
    others = (row for row, user in folded if identity and user.startswith(identity) and user != identity)
    return [
        ("user", user_words(source, row), counted(int(source.user_counts[row]), tr("rating")), ("user", row))
        for row in islice([*first, *others], MOST_OF_A_SIDE)
    ]


def _movies(source: FactorSource, wanted: str) -> list[Found]:
    exact = [column for column, identity in enumerate(source.movie_ids) if identity.casefold() == wanted]
    titles = source.titles or source.movie_ids
    holding = (column for column, title in enumerate(titles) if wanted in title.casefold())
    columns = dict.fromkeys([*exact, *islice(holding, MOST_OF_A_SIDE)])
    return [
        ("film-strip", movie_words(source, at), counted(int(source.movie_counts[at]), tr("rating")), ("movie", at))
        for at in columns
    ]
