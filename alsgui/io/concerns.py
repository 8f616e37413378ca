"""What looks wrong about a file as it would be read, with the click that would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alsgui.io.columns import ROLE_NAMES, plain_name
from alsgui.io.ids import MOST_IDS
from alsgui.io.looked import Choice, Concern, Look
from alsgui.io.options import Columns
from alsgui.io.sides import Side
from alsgui.text import byte_size, count, percent, tr

CLEARLY = 0.5


def concerns(found: Look, side: Side, users: Sequence[str], movies: Sequence[str]) -> tuple[Concern, ...]:
    """All that can be seen from the sample.

    Parameters
    ----------
    found
        The look.
    side
        The table of movies, empty where there is none.
    users, movies
        Ids of the sample, as the columns have them (before Swap).
    """
    options = found.options
    if options.swap:
        users, movies = movies, users
    told = [
        _named_otherwise(found),
        _ids_match_otherwise(found, side, users, movies),
        _titles(found, side, users, movies),
    ]
    told += [_too_large(found), _too_many(found)]
    return tuple(one for one in told if one is not None)


def _swap_remedy(found: Look) -> tuple[Choice, ...]:
    options = found.options
    if options.wide:
        other = "wide" if options.layout == "wide-transposed" else "wide-transposed"
        return (Choice(tr("Swap users and movies"), {"layout": other}),)
    columns = options.columns
    changed: dict[str, Any] = {**columns.__dict__, "user": columns.item, "item": columns.user}
    return (Choice(tr("Swap users and movies"), {"columns": Columns(**changed)}),)


def _named_otherwise(found: Look) -> Concern | None:
    """Names of the columns that say the opposite of the roles."""
    columns = found.options.columns
    if columns.user is None or columns.item is None or not found.heads or found.options.swap:
        return None
    user, item = (plain_name(found.heads[at]) if at < len(found.heads) else "" for at in (columns.user, columns.item))
    if user in ROLE_NAMES["item"] or item in ROLE_NAMES["user"]:
        text = tr("The users' column is called {user}, the movies' {item}.",
                  user=found.heads[columns.user], item=found.heads[columns.item])  # fmt: skip
        return Concern("swapped", text, _swap_remedy(found))
    return None


def _share(ids: Sequence[str], known: Any) -> float:
    distinct = set(ids)
    return sum(identity in known for identity in distinct) / len(distinct) if distinct else 0.0


def _ids_match_otherwise(found: Look, side: Side, users: Sequence[str], movies: Sequence[str]) -> Concern | None:
    if not side.titles:
        return None
    as_users, as_movies = _share(users, side.titles), _share(movies, side.titles)
    more = len(set(users)) > len(set(movies))
    if as_users > CLEARLY and as_users > as_movies + (0.02 if more else 0.2):
        text = tr("{users} of the users' ids stand in the table of movies, and {movies} of the movies'.",
                  users=percent(as_users), movies=percent(as_movies))  # fmt: skip
        return Concern("swapped", text, _swap_remedy(found))
    if as_movies < 0.05 and movies:
        text = tr(
            "Almost none of the movies' ids stand in {table}.", table=found.options.movies and found.options.movies.path
        )
        return Concern("titles", text, (Choice(tr("Read without it"), {"movies": None}),))
    return None


def _titles(found: Look, side: Side, users: Sequence[str], movies: Sequence[str]) -> Concern | None:
    """Titles where ids were expected, in the other column."""
    if not side.titles:
        return None
    known = set(side.titles.values())
    as_users, as_movies = _share(users, known), _share(movies, known)
    if as_users > CLEARLY > as_movies:
        return Concern("swapped", tr("The users' column holds titles of movies."), _swap_remedy(found))
    return None


def _too_large(found: Look) -> Concern | None:
    cost = found.cost
    if cost.fits:
        return None
    share = max(round(0.8 * cost.n_bytes_free / cost.n_bytes, 2), 0.01)
    text = tr("Reading will take about {needed} of memory; {free} are free.",
              needed=byte_size(cost.n_bytes), free=byte_size(cost.n_bytes_free))  # fmt: skip
    return Concern(
        "memory",
        text,
        (
            Choice(tr("Read {share} of the users", share=percent(share, 0)), {"users_share": share}),
            Choice(tr("Only users with 20 ratings or more"), {"min_ratings": 20}),
        ),
    )


def _too_many(found: Look) -> Concern | None:
    if max(found.size.n_users, found.size.n_movies) <= MOST_IDS:
        return None
    text = tr("There are more than {n} different ids.", n=count(MOST_IDS))
    return Concern("too many ids", text, (Choice(tr("Read 10 % of the users"), {"users_share": 0.1}),))
