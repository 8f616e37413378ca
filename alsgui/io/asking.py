"""What only a person can know, guessed meanwhile: counts or ratings, and whether a value means not rated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from alsgui.io.cells import is_missing, number
from alsgui.io.columns import plain_name
from alsgui.io.heads import Start
from alsgui.io.looked import Choice, Question
from alsgui.io.options import Columns, Feedback, ImportOptions
from alsgui.text import percent, tr

COUNT_NAMES = frozenset({"count", "counts", "plays", "playcount", "views", "clicks", "quantity", "qty", "purchases",
                         "weight", "listens", "n", "frequency"})  # fmt: skip
SUSPECTS = (0.0, -1.0, 99.0, -99.0, 9999.0, 999.0, -999.0, 9.0, -9.0, 88.0)
"""Numbers that people write for what they do not have."""

MOSTLY = 0.5


def values_of(start: Start, columns: Columns, decimal: str, *, wide: bool) -> list[float]:
    """The numbers of the sample that are ratings."""
    if wide:
        aside = {columns.id, *columns.drop}
        cells = [cell for row in start.rows for at, cell in enumerate(row) if at not in aside]
    else:
        cells = [row[columns.rating] for row in start.rows if columns.rating is not None and len(row) > columns.rating]
    numbers = (number(cell, decimal) for cell in cells if not is_missing(cell))
    return [value for value in numbers if value is not None and abs(value) < 1e300]


def guessed_missing(start: Start, columns: Columns, decimal: str) -> tuple[str, ...]:
    """Numbers of a matrix that are taken for not rated until somebody says otherwise."""
    counts = Counter(values_of(start, columns, decimal, wide=True))
    if counts and len(counts) > 1 and counts[0.0] > MOSTLY * counts.total() and min(counts) >= 0:
        return ("0",)
    return tuple(_shown(value) for value in outside(counts) if value != 0)


def outside(counts: Mapping[float, int]) -> list[float]:
    """Values outside an otherwise regular scale: 0, 99 or -1 beside 1 to 5."""
    found: list[float] = []
    for value in SUSPECTS:
        rest = sorted(set(counts) - {value, *found})
        if value not in counts or len(rest) < 3 or not _regular(rest):
            continue
        step = min(b - a for a, b in pairwise(rest))
        below = value < rest[0] and (value < 0 or rest[0] > 0)
        if below or value > rest[-1] + 3 * step:
            found.append(value)
    return found


def _regular(values: Sequence[float]) -> bool:
    step = min(b - a for a, b in pairwise(values))
    if not 100 * step >= values[-1] - values[0]:
        return False
    return all(abs((value - values[0]) / step - round((value - values[0]) / step)) < 1e-3 for value in values)


def guessed_feedback(start: Start, options: ImportOptions) -> Feedback:
    """Counts where there is no rating, or its column is called so."""
    if options.layout == "events":
        return "counts"
    return "counts" if _rating_name(start, options) in COUNT_NAMES else "ratings"


def _rating_name(start: Start, options: ImportOptions) -> str:
    at = options.columns.rating
    return plain_name(start.heads[at]) if at is not None and at < len(start.heads) else ""


def questions(start: Start, options: ImportOptions) -> tuple[Question, ...]:
    """What to ask about this file, with the answers that hold now."""
    values = values_of(start, options.columns, options.decimal, wide=options.wide)
    counts = Counter(values)
    asked = []
    if options.layout == "events" or _may_be_counts(values):
        asked.append(
            Question(
                "feedback",
                tr("Ratings, or counts (views, clicks, purchases)?"),
                (Choice(tr("Ratings"), {"feedback": "ratings"}), Choice(tr("Counts"), {"feedback": "counts"})),
                int(options.feedback == "counts"),
            )
        )
    zeros = [0.0] if options.wide and counts[0.0] > MOSTLY * max(counts.total(), 1) else []
    for value in dict.fromkeys((*zeros, *outside(counts))):
        asked.append(_about(value, counts[value] / counts.total(), options))
    return tuple(asked)


def _may_be_counts(values: Sequence[float]) -> bool:
    """Whole numbers without a top: many small ones, few large ones."""
    if not values or any(value < 0 or not value.is_integer() for value in values):
        return False
    ordered = sorted(values)
    return ordered[-1] > 10 and ordered[-1] > 4 * max(ordered[len(ordered) // 2], 1)


def _about(value: float, share: float, options: ImportOptions) -> Question:
    text = _shown(value)
    without = tuple(missing for missing in options.missing if number(missing) != value)
    chosen = int(len(without) == len(options.missing))
    return Question(
        f"value:{text}",
        tr("{value} appears {share} of the time: not rated, or a rating of {value}?", value=text, share=percent(share)),
        (
            Choice(tr("Not rated"), {"missing": (*without, text)}),
            Choice(tr("A rating of {value}", value=text), {"missing": without}),
        ),
        chosen,
    )


def _shown(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
