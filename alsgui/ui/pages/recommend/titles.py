"""Titles as they are read: the article in front, the year by itself, and movies found by title. No Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from alsgui import text
from alsgui.core.model import Model
from alsgui.text import tr

_YEAR = re.compile(r"\s*\((\d{4})(?:[-–]\d{0,4})?\)\s*$")
_ARTICLE = re.compile(r"^([^()]*), (The|An|A)\b(?=$| \()")
_LEADING = re.compile(r"^(the|an|a) ", re.IGNORECASE)
MATCHES = 8


def movie_words(model: Model, column: int) -> str:
    """Title of a movie as in the data; Movie 36 where there are no titles."""
    if model.titles is not None:
        return model.titles[column]
    return f"{model.noun.capitalize()} {model.movie_ids[column]}"


@lru_cache(maxsize=8192)
def read_title(title: str) -> tuple[str, str]:
    """Title with its article in front, and the year (empty where there is none).

    Jungle Book, The (1994) is The Jungle Book and 1994.
    """
    found = _YEAR.search(title)
    bare, year = (title[: found.start()], found.group(1)) if found else (title, "")
    return _ARTICLE.sub(r"\2 \1", bare), year


def short_title(title: str) -> str:
    """Title without year and with its article in front: The Jungle Book."""
    return read_title(title)[0]


def spoken_title(model: Model, column: int) -> str:
    """Title with its article in front and the year in brackets: The Jungle Book (1994)."""
    name, year = read_title(movie_words(model, column))
    return f"{name} ({year})" if year else name


def genre_list(genres: str) -> str:
    """Genres as they are read: Comedy, Drama."""
    return genres.replace("|", ", ")


def without_article(words: str) -> str:
    """What is searched for in titles as the data have them, where the article may stand behind: the jungle, jungle."""
    return _LEADING.sub("", words.strip())


def find_movies(model: Model, words: str) -> Sequence[tuple[str, str, str, object]]:
    """Movies for a search field: those whose title begins so first, then those with it inside, most rated first."""
    wanted = without_article(words).casefold()
    counts, names = model.summary.movie_counts, model.titles or model.movie_ids
    begun: list[int] = []
    inside: list[int] = []
    for column, title in enumerate(names):
        at = title.casefold().find(wanted)
        if at >= 0:
            (inside if at else begun).append(column)
    found = [*sorted(begun, key=lambda at: -counts[at]), *sorted(inside, key=lambda at: -counts[at])]
    if not found:
        return [("warning", tr("No {noun} is called so", noun=model.noun), words, None)]
    return [
        ("film-strip", spoken_title(model, at), text.counted(int(counts[at]), tr("rating")), at)
        for at in islice(found, MATCHES)
    ]
