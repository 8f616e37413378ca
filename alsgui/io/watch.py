"""The reader's line to whoever waits, and the words for a file that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from alsgui.core.errors import DataError, Interrupted
from alsgui.text import tr

Progress = Callable[[float | None, str], None]


class Cancel(Protocol):
    """What can ask a read to end: a `threading.Event`, or a job's brake."""

    def is_set(self) -> bool:
        """Whether the read is to end."""


@dataclass(frozen=True)
class Watch:
    """Tells progress, hears cancel."""

    progress: Progress | None = None
    cancel: Cancel | None = None

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to end."""
        return self.cancel is not None and self.cancel.is_set()

    def tell(self, share: float | None, text: str) -> None:
        """Say how far the work is (0 to 1, None = not known); ends it if that was asked.

        Raises
        ------
        Interrupted
            When `cancel` is set.
        """
        self.check()
        if self.progress is not None:
            self.progress(share, text)

    def check(self) -> None:
        """Raise `Interrupted` when `cancel` is set."""
        if self.cancelled:
            raise Interrupted


def file_error(path: Path, error: OSError) -> DataError:
    """The `DataError` for a file that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return DataError(tr("{path} does not exist.", path=path), tr("Check the name, or choose another file."))
    if isinstance(error, PermissionError):
        return DataError(
            tr("{path} may not be read.", path=path), tr("Give yourself permission to read it, or copy it elsewhere.")
        )
    reason = error.strerror or str(error)
    return DataError(
        tr("{path} cannot be read: {reason}.", path=path, reason=reason.lower().rstrip(".")),
        tr("Check the disk, or choose another file."),
    )
