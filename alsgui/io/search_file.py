"""A search on disk: one line of JSON for what is searched, then one for each fit, so that a killed search goes on.

Lines are only ever appended and reach the disk one by one; a last line that was cut by the end of the program is left
out when the file is read. One file for each data set, named by the ratings' fingerprint.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from alsgui.core.errors import AlsguiError
from alsgui.core.search import Grid, Score, SearchTable, grid_from_json
from alsgui.core.split import Split
from alsgui.core.trials import GuidedTable, Space, Trial, TrialScore, space_from_json
from alsgui.io.atomic import atomic_text
from alsgui.io.recent import config_folder

FORMAT = 1


def search_path(fingerprint: str, folder: Path | None = None) -> Path:
    """Where the search on ratings with this fingerprint is kept."""
    return (folder or config_folder() / "searches") / f"{fingerprint}.jsonl"


@dataclass(frozen=True)
class SearchFile:
    """One search on disk; `append` may be called from any thread."""

    path: Path
    _lock: Any

    @classmethod
    def begin(
        cls, path: Path, wanted: Grid | Space, split: Split, scores: Iterable[Score | TrialScore] = ()
    ) -> SearchFile:
        """Start a file, in place of an older search on the same ratings.

        Raises
        ------
        ExportError
            When it cannot be written; the old file is whole then.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        kind = "grid" if isinstance(wanted, Grid) else "space"
        head = {"format": FORMAT, "learns_from": split.training.fingerprint, kind: wanted.to_json()}
        with atomic_text(path) as stream:
            for line in (head, *(asdict(score) for score in scores)):
                stream.write(json.dumps(line) + "\n")
        return cls(path, threading.Lock())

    def append(self, score: Score | TrialScore) -> None:
        """Add one fit, on the disk when this returns."""
        with self._lock, self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(score)) + "\n")
            stream.flush()
            os.fsync(stream.fileno())


def read_search(path: Path, split: Split) -> SearchTable | GuidedTable | None:
    """The table of a search on the training ratings of `split`; None where there is none or it is of other ratings."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        head = json.loads(lines[0])
        if head["format"] != FORMAT or head["learns_from"] != split.training.fingerprint:
            return None
        if "space" in head:
            return _trials(lines[1:-1], GuidedTable.empty(space_from_json(head["space"])))
        grid = grid_from_json(head["grid"])
        return SearchTable.empty(grid).with_scores(_scores(lines[1:-1], grid))
    except (OSError, AlsguiError, ValueError, LookupError, TypeError):
        return None


def _scores(lines: Iterable[str], grid: Grid) -> list[Score]:
    """The fits that can be read, each within the grid."""
    scores = []
    for line in lines:
        score = Score(**json.loads(line))
        if all(0 <= at < size for at, size in zip((score.row, score.column, score.fold), grid.shape, strict=True)):
            scores.append(score)
    return scores


def _trials(lines: Iterable[str], table: GuidedTable) -> GuidedTable:
    """The table with the fits that can be read, each of a trial that has begun or is the next."""
    n_trials, n_folds = table.errors.shape
    for line in lines:
        values = json.loads(line)
        score = TrialScore(**values | {"trial": Trial(**values["trial"])})
        if 0 <= score.number < min(len(table.trials) + 1, n_trials) and 0 <= score.fold < n_folds:
            table = table.with_scores([score])
    return table
