"""Which column is the user, the movie, the rating, the time; and what the movies are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alsgui.io.cells import is_missing, number
from alsgui.io.options import Columns

_WORDS = {
    "user": "user userid uid username usr customer customerid client clientid person personid reviewer reviewerid "
    "member memberid rater raterid reader readerid listener viewer respondent profileid subject",
    "item": "item itemid iid movie movieid film filmid book bookid isbn song songid track trackid product productid "
    "asin joke jokeid artist artistid album albumid game gameid show showid anime animeid restaurant restaurantid "
    "business businessid recipe recipeid article articleid parentasin beer beerid",
    "rating": "rating ratings score stars star value y r overall grade vote bookrating reviewrating userrating count "
    "plays weight",
    "time": "timestamp time date datetime unixreviewtime reviewtime ratedat createdat ts unixtime tstamp",
    "title": "title movietitle name booktitle itemtitle",
    "genres": "genres genre category categories",
}

ROLE_NAMES = {role: frozenset(words.split()) for role, words in _WORDS.items()}
"""Role -> names of columns that state it, as `plain_name` writes them."""

_ROW_NAMES = frozenset({"id", "index", "row"})
"""What the column of users is called in tables that name no user."""

NOUN_OF_WORD = {
    "movie": "movie",
    "film": "film",
    "book": "book",
    "isbn": "book",
    "song": "song",
    "track": "track",
    "music": "song",
    "product": "product",
    "asin": "product",
    "joke": "joke",
    "jester": "joke",
    "artist": "artist",
    "album": "album",
    "game": "game",
    "show": "show",
    "anime": "anime",
    "restaurant": "restaurant",
    "business": "business",
    "recipe": "recipe",
    "article": "article",
    "beer": "beer",
}

_DATE = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T]\d{1,2}:\d{2}.*)?$")
EARLIEST_SECONDS = 1e8
"""Whole numbers from here on are taken for times (1973), not ratings or ids."""


def plain_name(name: str) -> str:
    """A column's name without case, spaces and signs: "User ID" and "user_id" are both "userid"."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def roles_by_name(names: Sequence[str], *, of_ratings: bool = True) -> dict[str, int]:
    """Role -> position for each role that a name states; the first such column has it.

    In a table of ratings titles are as good as ids.
    """
    found: dict[str, int] = {}
    for position, name in enumerate(names):
        for role, known in ROLE_NAMES.items():
            if plain_name(name) in known:
                found.setdefault(role, position)
    if of_ratings and "item" not in found and "title" in found:
        found["item"] = found.pop("title")
    return found


def long_columns(names: Sequence[str], rows: Sequence[Sequence[str]], decimal: str) -> Columns:
    """Roles of the columns of a long table: by name in any order, what names leave open by position.

    `rating` is None where no column of numbers is left for it.
    """
    n_columns = len(names) or max((len(row) for row in rows), default=0)
    found = roles_by_name(names)
    left = [position for position in range(n_columns) if position not in found.values()]
    sample = {at: [row[at] for row in rows if len(row) > at and not is_missing(row[at])] for at in left}
    for role in ("user", "item"):
        if role not in found and left:
            found[role] = left.pop(0)
    if "rating" not in found:
        numeric = [at for at in left if _mostly_numbers(sample[at], decimal) and not _are_times(sample[at])]
        if numeric:
            found["rating"] = numeric[0]
            left.remove(numeric[0])
    if "time" not in found:
        times = [at for at in left if _are_times(sample[at])]
        if times:
            found["time"] = times[0]
    return Columns(**found, drop=())


def looks_wide(names: Sequence[str], rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """Whether a table is users x movies and not a list of ratings."""
    found = roles_by_name(names)
    if "item" in found and ("user" in found or "rating" in found or len(names) <= 2):
        return False
    n_columns = len(names) or max(len(row) for row in rows)
    full = [row for row in rows if len(row) == n_columns]
    ids = id_column(names, full, decimal)
    cells = [row[1:] if ids is not None else row for row in full]
    if not full or not _are_ratings(cells, decimal):
        return False
    if n_columns >= 5:
        return not any(_are_times([row[at] for row in full]) for at in range(1, n_columns))
    if names:
        first_is_id = 0 in (found.get("user"), found.get("item")) or plain_name(names[0]) in {"", *_ROW_NAMES}
        distinct = len({row[0] for row in full}) == len(full) > 1
        if first_is_id:
            return distinct and "rating" not in found
        return not found and _pairs_repeat(full)
    return n_columns >= 3 and (_holes(cells) or _pairs_repeat(full))


def id_column(names: Sequence[str], rows: Sequence[Sequence[str]], decimal: str) -> int | None:
    """Position of the users' ids in a wide table: 0 or None."""
    if names and (not names[0].strip() or plain_name(names[0]) in ROLE_NAMES["user"] | ROLE_NAMES["item"] | _ROW_NAMES):
        return 0
    first = [row[0] for row in rows if row]
    values = [number(cell, decimal) for cell in first]
    if any(value is None and not is_missing(cell) for cell, value in zip(first, values, strict=True)):
        return 0
    counted = [value for value in values if value is not None]
    if len(counted) < len(first) or len(first) < 3:
        return None
    from_zero = list(map(float, range(len(first))))
    consecutive = counted in (from_zero, [value + 1 for value in from_zero])
    return 0 if consecutive else None


def noun_of(names: Sequence[str], file_name: str) -> str:
    """What the columns are, from the name of the item column or of the file; "movie" where neither says."""
    item = roles_by_name(names).get("item")
    texts = [plain_name(names[item])] if item is not None else []
    for text in (*texts, plain_name(file_name)):
        for word, noun in NOUN_OF_WORD.items():
            if word in text:
                return noun
    return "movie"


def rows_are_movies(names: Sequence[str]) -> bool:
    """Whether the first column of a matrix says that its rows are movies."""
    return bool(names) and plain_name(names[0]) in ROLE_NAMES["item"] | ROLE_NAMES["title"]


def time_format(cells: Sequence[str], decimal: str = ".") -> str:
    """How times are written, as `ImportOptions.time_format` says it; "" where they are none."""
    cells = [cell.strip() for cell in cells if not is_missing(cell)]
    values = sorted(abs(value) for value in (number(cell, decimal) for cell in cells) if value is not None)
    if cells and len(values) > 0.5 * len(cells):
        typical = values[len(values) // 2]
        return next((unit for bound, unit in ((1e17, "ns"), (1e14, "us"), (1e11, "ms")) if typical >= bound), "s")
    parts = [[int(part) for part in re.findall(r"\d+", cell)[:3]] for cell in cells if _DATE.match(cell)]
    if not parts or len(parts) <= 0.5 * len(cells):
        return ""
    if re.match(r"\d{4}", cells[0]):
        return "ymd"
    if any(part[0] > 12 for part in parts):
        return "dmy"
    if any(part[1] > 12 for part in parts):
        return "mdy"
    return "mdy" if "/" in cells[0] else "dmy"


def _mostly_numbers(values: Sequence[str], decimal: str) -> bool:
    return sum(number(value, decimal) is not None for value in values) > 0.5 * len(values)


def _are_times(values: Sequence[str]) -> bool:
    def is_time(text: str) -> bool:
        value = number(text)
        return bool(_DATE.match(text.strip())) or (value is not None and value >= EARLIEST_SECONDS)

    return bool(values) and sum(map(is_time, values)) > 0.5 * len(values)


def _are_ratings(rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """Numbers or holes, but for a stray cell."""
    cells = [cell for row in rows for cell in row]
    bad = sum(not is_missing(cell) and number(cell, decimal) is None for cell in cells)
    return bool(cells) and bad <= 0.1 * len(cells)


def _holes(rows: Sequence[Sequence[str]]) -> bool:
    return any(is_missing(cell) for row in rows for cell in row[:2])


def _pairs_repeat(rows: Sequence[Sequence[str]]) -> bool:
    """Ids of one rating stand together once; two columns of ratings repeat themselves."""
    return len({tuple(row[:2]) for row in rows}) < 0.9 * len(rows)
