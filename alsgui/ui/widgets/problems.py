"""Columns of a table of rows that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

from alsgui.core.errors import RowProblem
from alsgui.text import count, tr
from alsgui.ui.models.array_table import Column


def problem_columns(problems: Sequence[RowProblem]) -> list[Column]:
    """Line, text, why, how to mend."""
    return [
        Column(title=tr("Line"), values=[each.line for each in problems], format=lambda n: count(n) if n else "",
               align="right", width=72, role_colour=lambda _: "muted"),
        Column(title=tr("Text"), values=[each.text for each in problems]),
        Column(title=tr("Why"), values=[each.reason for each in problems], width=230, role_colour=lambda _: "error"),
        Column(title=tr("How to mend"), values=[each.remedy for each in problems], width=240,
               role_colour=lambda _: "muted"),
    ]  # fmt: skip
