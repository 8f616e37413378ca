"""Tables about movies and users: read like ratings, joined by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alsgui.core.errors import DataError
from alsgui.io.blocks import Block, Blocks
from alsgui.io.kernels import scan
from alsgui.io.options import SideTable
from alsgui.io.report import Joined
from alsgui.io.sources.rows import row_stream
from alsgui.io.watch import Watch, file_error
from alsgui.text import counted, tr

NO_GENRES = "(no genres listed)"
MOST_LISTED = 20_000_000


@dataclass
class Side:
    """What a table says of each id.

    Parameters
    ----------
    titles, genres
        Id -> text, of a table of movies.
    characteristics
        Name -> id -> text, of a table of users.
    n_listed
        Ids in it.
    n_rejected
        Rows that could not be used.
    """

    titles: dict[str, str] = field(default_factory=dict)
    genres: dict[str, str] = field(default_factory=dict)
    characteristics: dict[str, dict[str, str]] = field(default_factory=dict)
    n_listed: int = 0
    n_rejected: int = 0


def read_side(table: SideTable, watch: Watch, *, of_users: bool) -> Side:
    """Read a table of movies or users.

    Raises
    ------
    DataError
        When it cannot be read, or has no column of ids.
    Interrupted
        When the watch was cancelled.
    """
    path, columns = Path(table.path), table.columns
    if columns.id is None or (not of_users and columns.title is None):
        raise DataError(
            tr("{path} has no columns of ids and characteristics.", path=path)
            if of_users
            else tr("{path} has no columns of movie ids and titles.", path=path),
            tr("Head them userId and what they are.") if of_users
            else tr("Head them movieId and title, choose the columns, or move the file away."),
        )  # fmt: skip
    side = Side()
    watch.tell(None, tr("Reading {name}", name=Path(table.member or table.path).name))
    try:
        with row_stream(path, table) as stream:
            blocks = Blocks(stream, None, 0 if table.header else len(table.heads))
            heads = table.heads or blocks.heads
            for block in blocks:
                watch.check()
                _take(side, block, table, heads, of_users=of_users)
    except OSError as error:
        raise file_error(path, error) from error
    side.n_listed = len(next(iter(side.characteristics.values()), {})) if of_users else len(side.titles)
    return side


def _take(side: Side, block: Block, table: SideTable, heads: Sequence[str], *, of_users: bool) -> None:
    columns = table.columns
    assert columns.id is not None
    for row in range(block.n):
        title = columns.title
        if block.status[row] == scan.MANY and title is not None and title == len(table.heads) - 1 and not table.quote:
            # Netflix writes titles last and with commas, unquoted.
            identity, whole = block.text(row, columns.id), block.raw(row).split(table.delimiter, title)[-1]
            side.titles.setdefault(identity, whole)
            continue
        if block.status[row] != scan.OK:
            side.n_rejected += 1
            continue
        identity = block.text(row, columns.id)
        if of_users:
            for at, name in _named(heads, len(block.starts), columns.id):
                side.characteristics.setdefault(name, {}).setdefault(identity, block.text(row, at))
            continue
        assert columns.title is not None
        side.titles.setdefault(identity, block.text(row, columns.title))
        if columns.genres is not None:
            side.genres.setdefault(identity, block.text(row, columns.genres).replace(NO_GENRES, ""))
        elif table.flags is not None:
            flagged = range(table.flags, len(block.starts))
            side.genres.setdefault(
                identity, "|".join(heads[at] for at in flagged if at < len(heads) and block.text(row, at) == "1")
            )


def _named(heads: Sequence[str], n: int, aside: int) -> Iterator[tuple[int, str]]:
    for at in range(n):
        if at != aside:
            yield at, (heads[at] if at < len(heads) else "") or tr("column {n}", n=at + 1)


def joined(path: Path, listed: Mapping[str, object], ids: Sequence[str]) -> Joined:
    """How the ids of the ratings match those of a table."""
    matched = sum(identity in listed for identity in ids)
    return Joined(path, len(listed), matched, len(ids) - matched, len(listed) - matched)


def match_notes(found: Joined, noun: str, what: str) -> list[str]:
    """What did not match, in words."""
    notes = []
    if found.n_listed and not found.n_matched:
        notes.append(tr("No {noun} of {path} is rated: do the ids belong together?", noun=noun, path=found.path.name))
    elif found.n_unrated:
        notes.append(tr("{items} listed but never rated.", items=counted(found.n_unrated, noun)))
    if found.n_without:
        notes.append(tr("{items} rated but without {what}.", items=counted(found.n_without, noun), what=what))
    return notes
