"""The hold-out as `alsgui fit` is asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from alsgui.core.errors import ConfigError
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.ratings import Ratings
    from alsgui.core.split import Kind, Split

_KINDS = ("random", "last", "each", "users")
_ALL = "all"


@dataclass(frozen=True)
class KeepAside:
    """What is to be kept aside; see `core.split.split`."""

    share: float | None
    seed: int
    kind: Kind
    per_user: int
    told: int | None

    def split(self, ratings: Ratings) -> Split:
        """The split of these ratings."""
        from alsgui.core.split import split

        return split(ratings, self.share, self.seed, kind=self.kind, n=self.per_user, told=self.told)


def keep_aside_of(share: float | None, seed: int, kind: str, per_user: int, told: str) -> KeepAside:
    """What the options ask for.

    Raises
    ------
    ConfigError
        When there is no such kind, or `told` is neither a number nor "all".
    """
    if kind not in _KINDS:
        raise ConfigError(tr("There is no hold-out {kind}.", kind=kind), tr("Use {all}.", all=", ".join(_KINDS)))
    if told != _ALL and not told.isdecimal():
        raise ConfigError(tr("--told {told} is no number of ratings.", told=told), tr("Give a number, or all."))
    return KeepAside(share, seed, cast("Kind", kind), per_user, None if told == _ALL else int(told))
