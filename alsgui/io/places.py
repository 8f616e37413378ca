"""Which file of a folder or a zip holds the ratings, and which tables of movies and users belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from alsgui.core.errors import DataError
from alsgui.io.options import Columns, Format, SideTable
from alsgui.io.sources.binary import ZIP_MAGIC, open_zip
from alsgui.io.sources.netflix import files_in
from alsgui.text import tr

RATINGS = ("ratings.csv", "ratings.parquet", "ratings.dat", "u.data")
DATA_SUFFIXES = (".csv", ".tsv", ".txt", ".dat", ".data", ".json", ".jsonl", ".ndjson")

GENRES_100K = (
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
    "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where ratings are.

    Parameters
    ----------
    path, member
        The file; the member of a folder or zip.
    beside
        Names of all files in the same folder (of the zip: members).
    format
        "netflix" where the folder says so; else "".
    choices
        Members that may hold ratings.
    """

    path: Path
    member: str = ""
    beside: tuple[str, ...] = ()
    format: Format | str = ""
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the file without its folder, in lower case."""
        return PurePosixPath(self.member or self.path.name).name.casefold()


def find_ratings(path: Path, member: str = "") -> Place:
    """The file of ratings that a path means.

    Raises
    ------
    DataError
        For a folder or zip without one.
    OSError
        When it cannot be read.
    """
    if path.is_dir():
        return _in_folder(path, member)
    with path.open("rb") as stream:
        start = stream.read(4)
    if start == ZIP_MAGIC and path.suffix.casefold() not in (".xlsx", ".xlsm", ".xlsb", ".ods", ".npz", ".xlam"):
        return _in_zip(path, member)
    beside = tuple(sorted(file.name for file in path.parent.iterdir())) if _has_company(path.name) else ()
    return Place(path, "", beside)


def _has_company(name: str) -> bool:
    return name.casefold() in RATINGS or name.casefold().endswith(".parquet") or "combined_data" in name


def _in_folder(folder: Path, member: str) -> Place:
    names = sorted(file.name for file in folder.iterdir() if file.is_file())
    if member:
        return Place(folder, member, tuple(names))
    for known in RATINGS:
        for name in names:
            if name.casefold() == known:
                return Place(folder, name, tuple(names))
    if files_in(folder):
        return Place(folder, "", tuple(names), "netflix")
    raise DataError(
        tr("{path} is a folder without ratings.csv.", path=folder),
        tr("Choose a MovieLens folder, or one file of ratings."),
    )


def _in_zip(path: Path, member: str) -> Place:
    with open_zip(path) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
        names = [info.filename for info in infos]
        sizes = {info.filename: info.file_size for info in infos}
    choices = tuple(name for name in names if PurePosixPath(name).suffix.casefold() in DATA_SUFFIXES)
    if not member:
        known = [name for base in RATINGS for name in names if PurePosixPath(name).name.casefold() == base]
        likely = known or sorted(choices, key=lambda name: -sizes[name])
        if not likely:
            raise DataError(
                tr("{path} holds no file of ratings.", path=path), tr("Choose a MovieLens zip, or unpack it first.")
            )
        member = likely[0]
    return Place(path, member, tuple(names), choices=choices)


def known_side(place: Place, *, of_users: bool) -> tuple[str, SideTable | None]:
    """The table of movies or users that comes with well-known ratings: its name, and its options where they are fixed.

    A name without options is a table to look at; no name: there is none.
    """
    wanted = _side_names(place, of_users=of_users)
    folder = str(PurePosixPath(place.member).parent) if place.member else ""
    for name in wanted:
        full = f"{folder}/{name}" if folder not in ("", ".") else name
        found = next((known for known in place.beside if known.casefold() == full.casefold()), None)
        if found is None:
            continue
        in_zip = place.path.is_file() and bool(place.member)
        where = place.path if in_zip else (place.path if place.path.is_dir() else place.path.parent) / found
        return found, _fixed(name, str(where), found if in_zip else "")
    return "", None


def _side_names(place: Place, *, of_users: bool) -> Sequence[str]:
    name = place.name
    if name == "u.data":
        return ("u.user",) if of_users else ("u.item",)
    if name == "ratings.dat":
        return ("users.dat",) if of_users else ("movies.dat",)
    if name in ("ratings.csv", "ratings.parquet"):
        what = "users" if of_users else "movies"
        return (f"{what}{PurePosixPath(name).suffix}",)
    if of_users:
        return ()
    if place.format == "netflix" or "combined_data" in name:
        return ("movie_titles.txt", "movie_titles.csv")
    return (f"{name.removesuffix('.parquet')}-movies.parquet",) if name.endswith(".parquet") else ()


def _fixed(name: str, path: str, member: str) -> SideTable | None:
    heads: tuple[str, ...]
    plain: Any = {"path": path, "member": member, "quote": "", "header": False}
    if name == "u.item":
        heads = ("movieId", "title", "release date", "video release date", "url", *GENRES_100K)
        return SideTable(
            **plain, encoding="latin-1", delimiter="|", columns=Columns(id=0, title=1), heads=heads, flags=5
        )
    if name == "u.user":
        heads = ("userId", "age", "gender", "occupation", "zip code")
        return SideTable(**plain, encoding="latin-1", delimiter="|", columns=Columns(id=0), heads=heads)
    if name == "movies.dat":
        heads = ("movieId", "title", "genres")
        columns = Columns(id=0, title=1, genres=2)
        return SideTable(**plain, encoding="latin-1", delimiter="::", columns=columns, heads=heads)
    if name == "users.dat":
        heads = ("userId", "gender", "age", "occupation", "zip code")
        return SideTable(**plain, encoding="latin-1", delimiter="::", columns=Columns(id=0), heads=heads)
    if name.startswith("movie_titles"):
        heads = ("movieId", "year", "title")
        columns = Columns(id=0, title=2)
        return SideTable(**plain, encoding="latin-1", delimiter=",", columns=columns, heads=heads)
    return None
