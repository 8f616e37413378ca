"""Collections that are downloaded from their publisher when somebody asks: size and terms are known before."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from alsgui.core.errors import ConfigError
from alsgui.text import byte_size, count, tr

GROUPLENS = "https://files.grouplens.org/datasets/movielens"

_TERMS = tr("Research use with acknowledgement; no redistribution or commercial use without permission (GroupLens).")


@dataclass(frozen=True)
class Collection:
    """One collection of ratings.

    Parameters
    ----------
    name
        What it is called on the command line: "ml-25m".
    title
        What it is called on screen.
    n_ratings, n_users, n_movies
        What it holds.
    url, terms_url
        Where its zip is, and where its publisher says how it may be used.
    n_bytes, md5
        Size and checksum of the zip, as published.
    terms
        The terms in one line.
    years
        When the ratings were given.
    """

    name: str
    title: str
    n_ratings: int
    n_users: int
    n_movies: int
    url: str
    terms_url: str
    n_bytes: int
    md5: str
    terms: str
    years: str

    @property
    def line(self) -> str:
        """What it is and what it costs to have it, in one line."""
        return tr(
            "{ratings} ratings of {movies} movies by {users} people, {years}; {size} to download",
            ratings=count(self.n_ratings), movies=count(self.n_movies), users=count(self.n_users), years=self.years,
            size=byte_size(self.n_bytes),
        )  # fmt: skip


def _movielens(  # noqa: PLR0917 - a row of the table below
    name: str, title: str, counts: tuple[int, int, int], size: int, md5: str, years: str, readme: str
) -> Collection:
    return Collection(
        name, title, *counts, url=f"{GROUPLENS}/{name}.zip", terms_url=f"{GROUPLENS}/{name}-README.{readme}",
        n_bytes=size, md5=md5, terms=_TERMS, years=years,
    )  # fmt: skip


CATALOG: tuple[Collection, ...] = (
    _movielens("ml-100k", "MovieLens 100K", (100_000, 943, 1_682), 4_924_029, "0e33842e24a9c977be4e0107933c0723",
               tr("1997 to 1998"), "txt"),
    _movielens("ml-1m", "MovieLens 1M", (1_000_209, 6_040, 3_706), 5_917_549, "c4d9eecfca2ab87c1945afe126590906",
               tr("2000 to 2003"), "txt"),
    _movielens("ml-25m", "MovieLens 25M", (25_000_095, 162_541, 59_047), 261_978_986,
               "6b51fb2759a8657d3bfcbfc42b592ada", tr("1995 to 2019"), "html"),
    _movielens("ml-32m", "MovieLens 32M", (32_000_204, 200_948, 84_432), 238_950_008,
               "d472be332d4daa821edc399621853b57", tr("1995 to 2023"), "html"),
)  # fmt: skip


def collection(name: str) -> Collection:
    """The collection of this name.

    Raises
    ------
    ConfigError
        When there is none.
    """
    found = next((one for one in CATALOG if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in CATALOG)
        raise ConfigError(tr("There is no collection {name}.", name=name), tr("Choose one of {known}.", known=known))
    return found


def cache_folder() -> Path:
    """The user's folder for what can be had again: XDG, LOCALAPPDATA or Library; not made yet."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "alsgui" / "samples"
