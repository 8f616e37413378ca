"""A split in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alsgui.text import count, percent, tr

if TYPE_CHECKING:
    from alsgui.core.split import Split


def short_words_of(split: Split) -> str:
    """What is kept aside, for a narrow column: 10 %, last 3, 3 each, 10 % users."""
    if not len(split.held_out):
        return tr("none")
    short = {
        "last": tr("last {n}", n=count(split.n)),
        "each": tr("{n} each", n=count(split.n)),
        "file": tr("a file"),
        "users": tr("{share} users", share=percent(split.share, 0)),
    }
    return short.get(split.kind, percent(split.share, 0))


def words_of(split: Split) -> str:
    """What is kept aside, in a few words: 10 %, 3 of each user, 10 % of users told 5."""
    if not len(split.held_out):
        return tr("none")
    if split.kind == "last":
        return tr("last {n} of each user", n=count(split.n))
    if split.kind == "each":
        return tr("{n} of each user", n=count(split.n))
    if split.kind == "file":
        return tr("{n} of a file", n=count(len(split.held_out)))
    share = percent(split.share, 0)
    if split.kind == "users":
        told = tr("all but one") if split.told is None else count(split.told)
        return tr("{share} of users, told {told}", share=share, told=told)
    return share
