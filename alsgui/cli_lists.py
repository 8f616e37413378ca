"""What `alsgui recommend` prints of lists and of where predictions come from."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from alsgui.cli_report import list_rows
from alsgui.text import contribution, count, counted, decimal, rating, score, tr

if TYPE_CHECKING:
    from alsgui.core.explain import Bar, Explanation
    from alsgui.core.model import Model
    from alsgui.core.recommend import RecommendationList
    from alsgui.core.uncertainty import Deviations

SHOWN_PULLS = 3
"""Ratings up and down that a line of text names; JSON has ten of each."""


def print_movies(model: Model, found: RecommendationList, spread: Deviations | None) -> None:
    """A list as a table."""
    in_stars = model.config.predicts_ratings
    shown = rating if in_stars else score
    heads = [tr("Rank"), tr("Predicted") if in_stars else tr("Score"), tr("Given"), tr("Ratings")]
    rows = []
    for row in list_rows(found):
        numbers = [str(row["rank"]), shown(row["predicted"]), rating(row["given"]), count(row["n_ratings"])]
        if spread is not None:
            numbers.insert(2, "± " + rating(float(spread.sd[row["rank"] - 1])))
        rows.append((*numbers, row["title"]))
    if spread is not None:
        heads.insert(2, tr("SD"))
    print_table([*heads, model.noun.capitalize()], rows)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns of numbers, and one of text at the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for head in heads[:-1]:
        table.add_column(head, justify="right")
    table.add_column(heads[-1])
    for row in rows:
        table.add_row(*row[:-1], Text(row[-1]))
    Console(file=sys.stdout, soft_wrap=True).print(table)


def why_lines(model: Model, column: int, found: Explanation) -> Iterator[str]:
    """An explanation as lines whose numbers add up as shown."""
    digits, sign = (2, contribution) if model.config.predicts_ratings else (3, lambda x: decimal(x, 3, sign=True))
    bars = (
        found.by_attribute.bars(digits, biases=found.biases, most=2 * SHOWN_PULLS)
        if found.by_ratings is None
        else found.by_ratings.bars(digits, SHOWN_PULLS)
    )
    yield tr("{title}: {total}", title=model.title(column), total=decimal(found.total, digits))
    for bar in bars:
        yield f"  {sign(bar.value):>7}  {bar_words(model, bar)}"
    for note in filter(None, (found.reason, found.note)):
        yield "  " + note


def bar_words(model: Model, bar: Bar) -> str:
    """What one part of an explanation is."""
    words = {
        "mean": tr("mean of all ratings"),
        "bias": tr("how this person rates"),
        "other_bias": tr("how this {noun} is rated", noun=model.noun),
        "start": tr("mean of all ratings and how this {noun} is rated", noun=model.noun),
        "fill": tr("what stands for missing ratings"),
        "penalty": tr("penalty on absolute values"),
        "level": tr("mean that stands for who has no ratings"),
        "unsettled": tr("not settled yet"),
    }
    if bar.kind == "attribute":
        return tr("attribute {k}", k=bar.index + 1)
    if bar.kind == "rating":
        return tr("{title}, rated {given}", title=model.title(bar.index), given=rating(bar.given))
    if bar.kind == "others":
        return counted(bar.index, tr("other"))
    return words[bar.kind]


def why_object(model: Model, found: Explanation) -> dict[str, Any]:
    """The fields of a movie's explanation in `recommend --why --json`."""

    def named(bar: Bar) -> dict[str, Any]:
        part: dict[str, Any] = {"part": bar.kind, "value": bar.value}
        if bar.kind == "rating":
            part |= {"id": model.movie_ids[bar.index], "title": model.title(bar.index), "given": bar.given}
        elif bar.kind == "attribute":
            part["attribute"] = bar.index + 1
        elif bar.kind == "others":
            part["n"] = bar.index
        return part

    ratings = None if found.by_ratings is None else [named(bar) for bar in found.by_ratings.bars(4)]
    return {
        "total": found.total,
        "by_ratings": ratings,
        "by_attribute": [named(bar) for bar in found.by_attribute.bars(4, biases=found.biases)],
        "reason": found.reason or None,
    }
