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


def order_words(order: Order) -> str:
    """An order, as it stands in its list and in axis titles."""
    words = {
        "prediction": tr("by mean prediction"),
        "rating": tr("by mean rating"),
        "activity": tr("by number of ratings"),
        "id": tr("by id"),
    }
    return words.get(order.key) or tr("by attribute {k}", k=order.attribute + 1)


def filter_words(at_least: int) -> str:
    """A filter of movies, as it stands in its list."""
    return tr("≥ {n} ratings", n=at_least) if at_least else tr("all")


def users_title(order: Order) -> str:
    """Title of the axis of users."""
    return tr("users, {order}", order=order_words(order))


def movies_title(noun: str, order: Order, at_least: int) -> str:
    """Title of the axis of movies."""
    nouns = pluralised(noun)
    if at_least:
        nouns = tr("{movies} with ≥ {n} ratings", movies=nouns, n=at_least)
    return tr("{movies}, {order}", movies=nouns, order=order_words(order))


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


def cell_words(source: FactorSource, row: int, column: int, cells: tuple[float, float]) -> list[str]:
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
    return [*words, tr("pixel {mean}", mean=mean_words(*cells))] if max(cells) > 1 else words


def weight_words(source: FactorSource, side: str, at: int, attribute: int, n_cells: float) -> list[str]:
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
        words.append(tr("pixel mean of {n} {nouns}", n=text.decimal(n_cells, 1), nouns=pluralised(noun)))
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
