"""CSV for spreadsheet programs: no cell of text is ever taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from alsgui.io.atomic import atomic_text
from alsgui.io.report import ImportReport
from alsgui.text import counted, tr

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Signs that begin a formula in one program or another, the wide forms of East Asia among them."""


def safe_cell(value: object) -> object:
    """The value, with an apostrophe before a text that a spreadsheet would compute; numbers stay numbers."""
    if not isinstance(value, str) or not value.lstrip(" \u00a0").startswith(STARTS):
        return value
    return value if _is_number(value) else "'" + value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text[:1] in "+-" and not text[-1:].isspace()


class SafeWriter:
    """A `csv.writer` whose cells are safe."""

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream)

    def writerow(self, row: Sequence[Any]) -> None:
        """Write one row."""
        self._writer.writerow([safe_cell(value) for value in row])

    def writerows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write several rows."""
        for row in rows:
            self.writerow(row)


def export_rejected(report: ImportReport, path: str | Path) -> Path:
    """Write the rejected rows: line, text, reason, how to mend it; says how many more were counted.

    Raises
    ------
    ExportError
        When the file cannot be written; an old one is whole.
    """
    with atomic_text(path) as stream:
        writer = SafeWriter(stream)
        writer.writerow([tr("line"), tr("text"), tr("why"), tr("how to mend")])
        for problem in report.rejected:
            writer.writerow([problem.line, problem.text, problem.reason, problem.remedy])
        if more := report.n_rejected - len(report.rejected):
            writer.writerow(["", tr("and {rows} more", rows=counted(more, tr("row"))), "", ""])
    return Path(path)
