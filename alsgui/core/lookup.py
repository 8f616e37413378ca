"""Find a movie or a user by what a person typed: an id, or a title with or without its year and article."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from alsgui.core.errors import DataError
from alsgui.core.model import Model
from alsgui.text import counted, pluralised, tr

_MOST_NAMED = 3
_ARTICLE = re.compile(r"^(?P<name>.*), (?P<article>the|an|a)$")
_TAIL = re.compile(r"\s*\((\d{4}[^)]*)\)\s*$")


def find_user(model: Model, text: str) -> int:
    """Row of a user by id.

    Raises
    ------
    DataError
        When there is none; names the closest ids.
    """
    row = model.summary.user_rows.get(text.strip())
    if row is not None:
        return row
    near = difflib.get_close_matches(text, model.user_ids, n=_MOST_NAMED)
    raise DataError(
        tr("There is no user {id}.", id=text),
        _meant(near) or tr("{n} are known; ids are text, as in the file.", n=counted(model.n_users, "user")),
    )


def find_movie(model: Model, text: str) -> int:
    """Column of a movie by id, else by title: whole, without year or article, or the only one that contains the text.

    Raises
    ------
    DataError
        When there is none, or several are meant; names them, or the closest ones.
    """
    wanted = text.strip()
    column = model.summary.movie_columns.get(wanted)
    if column is not None:
        return column
    titles = model.titles or ()
    for same in (lambda title: title.casefold() == wanted.casefold(), lambda title: plain(title) == plain(wanted),
                 lambda title: plain(title, year=False) == plain(wanted)):  # fmt: skip
        found = [at for at, title in enumerate(titles) if same(title)]
        if len(found) == 1:
            return found[0]
        if found:
            raise _several(model, text, found)
    parts = [at for at, title in enumerate(titles) if plain(wanted) and plain(wanted) in plain(title)]
    if len(parts) == 1:
        return parts[0]
    if parts:
        raise _several(model, text, parts)
    known = {plain(title, year=False): title for title in titles}
    near = [known[name] for name in difflib.get_close_matches(plain(wanted), known, n=_MOST_NAMED)]
    near = near or difflib.get_close_matches(wanted, model.movie_ids, n=_MOST_NAMED)
    raise DataError(
        tr("There is no {noun} {text}.", noun=model.noun, text=text),
        _meant(near) or tr("{n} are known; give a title or an id.", n=counted(model.n_movies, model.noun)),
    )


def plain(title: str, *, year: bool = True) -> str:
    """A title as it is compared: small letters, the article in front; without its year on request."""
    small = title.casefold().strip()
    tail = _TAIL.search(small)
    name = small[: tail.start()] if tail else small
    if turned := _ARTICLE.match(name):
        name = f"{turned['article']} {turned['name']}"
    return f"{name} ({tail.group(1)})" if tail and year else name


def _several(model: Model, text: str, found: Sequence[int]) -> DataError:
    named = "; ".join(f"{model.title(at)} [{model.movie_ids[at]}]" for at in found[:_MOST_NAMED])
    more = tr(" and {n} more", n=len(found) - _MOST_NAMED) if len(found) > _MOST_NAMED else ""
    nouns = pluralised(model.noun)
    return DataError(
        tr("{text} may be {n} {nouns}: {named}{more}.", text=text, n=len(found), nouns=nouns, named=named, more=more),
        tr("Give the whole title, or the id in brackets."),
    )


def _meant(near: Sequence[str]) -> str:
    if not near:
        return ""
    return tr("Did you mean {names}?", names=tr(" or ").join((", ".join(near[:-1]), near[-1])) if near[1:] else near[0])
