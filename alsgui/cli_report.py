"""What the command line prints: sentences for people, one JSON object for programs, a bar while it works."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alsgui.io.options import as_json, python_line
from alsgui.text import byte_size, count, counted, duration, error_figure, percent, pluralised, rating, tr

if TYPE_CHECKING:
    from alsgui.core.metrics import ErrorFigures
    from alsgui.core.model import EpochRecord, Model
    from alsgui.core.ranking import RankingFigures
    from alsgui.core.ratings import Ratings
    from alsgui.core.recommend import RecommendationList
    from alsgui.core.solvers.config import Config
    from alsgui.io.reading import Reading, ReadReport
    from alsgui.io.watch import Progress


MOST_LISTED = 100
"""Rejected rows that `inspect` lists; it counts them all."""


def print_reading(ratings: Ratings, report: ReadReport) -> None:
    """What was read, and every row that was not."""
    say(what_was_read(ratings))
    low, high = rating(ratings.scale.minimum), rating(ratings.scale.maximum)
    say(tr("Ratings from {low} to {high}, mean {mean}.", low=low, high=high, mean=rating(ratings.mean)))
    counts = {"kept": report.n_kept, "merged": report.n_duplicates, "rejected": report.n_rejected}
    sentence = "Layout {layout}, read in {took}: {read}, {kept} kept, {merged} merged, {rejected} rejected."
    shown = {name: count(number) for name, number in counts.items()}
    read = counted(report.n_rows_read, tr("row"))
    say(tr(sentence, layout=report.layout, took=duration(report.seconds), read=read, **shown))
    if report.n_missing:
        say(tr("{n} not rated.", n=counted(report.n_missing, tr("cell") if report.options.wide else tr("row"))))
    for merged in report.merged:
        values = ", ".join(rating(value) for value in merged.values)
        say("  " + tr("user {user}, {noun} {movie}: {values} became {kept}", user=merged.user, noun=ratings.noun,
                      movie=merged.movie, values=values, kept=rating(merged.kept)))  # fmt: skip
    listed = report.rejected[:MOST_LISTED]
    for line in (*report.notes, *map(str, listed)):
        say("  " + line)
    if unlisted := report.n_rejected - len(listed):
        say("  " + tr("and {rows} more", rows=counted(unlisted, tr("row"))))


def inspect_object(ratings: Ratings, report: ReadReport) -> dict[str, Any]:
    """The fields of `inspect --json`."""
    return {
        "n_users": ratings.n_users,
        "n_movies": ratings.n_movies,
        "n_ratings": ratings.n_ratings,
        "density": ratings.density,
        "min": ratings.scale.minimum,
        "max": ratings.scale.maximum,
        "rejected": [{"line": problem.line, "reason": problem.reason} for problem in report.rejected],
        "n_rejected": report.n_rejected,
        "n_rows_read": report.n_rows_read,
        "n_merged": report.n_duplicates,
        "n_missing": report.n_missing,
        "notes": list(report.notes),
        "options": as_json(report.options),
        "python": python_line(str(report.files[0]), report.options),
    }


@dataclass(frozen=True)
class Judged:
    """How a model does on ratings that it has not seen: error figures, or for scores that of its lists."""

    errors: ErrorFigures
    lists: RankingFigures


def judged_on(model: Model, tests: Ratings | None) -> Judged:
    """Figures on the hold-out, or on the ratings of a test file."""
    if tests is None:
        return Judged(model.holdout_figures, model.holdout_ranking)
    from alsgui.core.metrics import ErrorFigures
    from alsgui.core.ranking import RankingFigures
    from alsgui.core.scoring import figures_on, lists_on

    if model.config.predicts_ratings:
        return Judged(figures_on(model, tests), RankingFigures())
    return Judged(ErrorFigures(), lists_on(model, tests))


def epoch_words(record: EpochRecord, config: Config) -> str:
    """What the bar says of an epoch."""
    if not config.predicts_ratings:
        if record.ndcg_holdout is None:
            return tr("Epoch {n}, loss {loss}", n=record.epoch, loss=count(record.loss))
        return tr("Epoch {n}, NDCG@20 {ndcg}", n=record.epoch, ndcg=error_figure(record.ndcg_holdout))
    shown = record.rmse_holdout if math.isfinite(record.rmse_holdout) else record.rmse_train
    return tr("Epoch {n}, RMSE {rmse}", n=record.epoch, rmse=error_figure(shown))


def fit_object(model: Model, reading: Reading, judged: Judged, seconds_fit: float) -> dict[str, Any]:
    """The fields of `fit --json`; what the model does not have is null: errors of scores, lists of ratings."""
    ratings, figures, lists = reading.ratings, judged.errors, judged.lists
    in_stars = model.config.predicts_ratings
    return {
        "algorithm": model.config.algorithm,
        "k": model.k,
        "n_users": ratings.n_users,
        "n_movies": ratings.n_movies,
        "n_ratings": ratings.n_ratings,
        "epochs": [
            {
                "epoch": record.epoch,
                "loss": record.loss,
                "rmse_train": record.rmse_train if in_stars else None,
                "rmse_holdout": record.rmse_holdout,
                "ndcg_holdout": record.ndcg_holdout,
                "recall_holdout": record.recall_holdout,
                "seconds": record.seconds,
            }
            for record in model.history
        ],
        "rmse_train": model.training_figures.rmse,
        "mae_train": model.training_figures.mae,
        "rmse_test": figures.rmse,
        "mae_test": figures.mae,
        "n_test": figures.n,
        "n_test_unknown": figures.n_unknown,
        "rmse_test_known": figures.rmse_known,
        "ndcg_holdout": lists.ndcg,
        "recall_holdout": lists.recall,
        "n_users_judged": lists.n_users,
        "clipped_to": [model.summary.low, model.summary.high] if in_stars else None,
        "known_after": _known_after(model),
        "seconds_read": reading.report.seconds,
        "seconds_fit": seconds_fit,
    }


def print_fit(model: Model, ratings: Ratings, seconds: float) -> None:
    """What was read, what was fitted, and how well it fits."""
    from alsgui.core.attributes import words_about_empty

    why = {
        "tolerance": tr("the loss has settled"),
        "epochs": tr("all epochs done"),
        "patience": tr("the hold-out got no better"),
    }
    last = model.history[-1].epoch if model.history else 0
    epochs = counted(last, tr("epoch"), tr("epochs"))
    end = why.get(model.stopped, model.stopped)
    say(what_was_read(ratings))
    say(tr("{title}, K = {k}: {epochs} in {took}, {end}.", title=model.config.title, k=model.k, epochs=epochs,
           took=duration(seconds), end=end))  # fmt: skip
    empty = words_about_empty(model.factors)
    if empty is not None:
        say(empty)
    training = model.training_figures
    if model.config.predicts_ratings:
        say(tr("Training RMSE {rmse}, MAE {mae}.", rmse=error_figure(training.rmse), mae=error_figure(training.mae)))
    elif model.half_steps:
        say(tr("Objective {loss}. Its predictions are scores, about 0 to 1, not ratings.",
               loss=count(model.half_steps[-1].loss)))  # fmt: skip


def print_figures(model: Model, judged: Judged, which: str) -> None:
    """How well a model predicts what it has not seen; `which` says what that is."""
    figures, lists = judged.errors, judged.lists
    if lists.n_users:
        say(tr("{which} NDCG@{n} {ndcg}, recall@{n} {recall}, on {users}; higher is better.", which=which, n=lists.n,
               ndcg=error_figure(lists.ndcg), recall=error_figure(lists.recall),
               users=counted(lists.n_users, tr("user"))))  # fmt: skip
    if not figures.n:
        return
    clipped = tr("clipped to {low} to {high}", low=rating(model.summary.low), high=rating(model.summary.high))
    unknown = tr("{n} of an unknown user or {noun}", n=count(figures.n_unknown), noun=model.noun)
    say(tr("{which} RMSE {rmse}, MAE {mae}, on {n}, {clipped}; {unknown}.", which=which,
           rmse=error_figure(figures.rmse), mae=error_figure(figures.mae), n=counted(figures.n, tr("rating")),
           clipped=clipped, unknown=unknown))  # fmt: skip


def _known_after(model: Model) -> list[dict[str, Any]]:
    from alsgui.core.known_after import known_after

    return [asdict(point) for point in known_after(model)]


def print_known_after(model: Model) -> None:
    """How many ratings it takes to know somebody, where whole users were kept aside."""
    from alsgui.core.known_after import known_after

    points = known_after(model)
    if not points:
        return
    say(tr("Known after so many ratings ({users}, the same {n} judged each time):",
           users=counted(points[0].n_users, tr("user")), n=counted(points[0].n, tr("rating"))))  # fmt: skip
    for point in points:
        told = tr("all but one") if point.told is None else count(point.told)
        say(tr("{told:>12}: RMSE {rmse}, biases alone {biases}", told=told, rmse=error_figure(point.rmse),
               biases=error_figure(point.biases)))  # fmt: skip


def print_written(paths: Sequence[Path]) -> None:
    """The files that were written, with their sizes."""
    for path in paths:
        say(tr("Wrote {path} ({size})", path=path, size=byte_size(path.stat().st_size)))


def print_baselines(model: Model) -> None:
    """What the model has to beat, on the same hold-out."""
    from alsgui.core.baselines import baselines, popularity_figures

    if not model.config.predicts_ratings:
        popular = None if model.split is None else popularity_figures(model.split)
        if popular is not None:
            ndcg, recall = error_figure(popular.judged.ndcg), error_figure(popular.judged.recall)
            say(tr("Most rated {nouns} for everybody: NDCG@20 {ndcg}, recall@20 {recall}.",
                   nouns=pluralised(model.noun), ndcg=ndcg, recall=recall))  # fmt: skip
        return
    known = None if model.split is None else baselines(model.split)
    if known is None:
        return
    gain = round(known.biases.rmse - model.holdout_figures.rmse, 4)
    if gain == 0:
        verdict = tr("as good")
    elif gain > 0:
        verdict = tr("{gain} stars better", gain=error_figure(gain))
    else:
        verdict = tr("{loss} stars worse", loss=error_figure(-gain))
    say(tr("{noun} mean alone {mean}, user + {small} biases alone {biases}: the model is {verdict}.",
           noun=model.noun.capitalize(), small=model.noun, mean=error_figure(known.movie_mean.rmse),
           biases=error_figure(known.biases.rmse), verdict=verdict))  # fmt: skip


def list_rows(found: RecommendationList) -> Iterator[dict[str, Any]]:
    """The fields of each movie in `recommend --json`."""
    for at in range(len(found)):
        yield {
            "rank": at + 1,
            "id": found.ids[at],
            "title": found.titles[at],
            "predicted": float(found.predicted[at]),
            "given": float(found.given[at]),
            "n_ratings": int(found.support[at]),
        }


def what_was_read(ratings: Ratings) -> str:
    """The data in one sentence."""
    return tr("{name}: {users} × {movies}, {ratings} ({density}).", name=ratings.name,
              users=counted(ratings.n_users, tr("user")), movies=counted(ratings.n_movies, ratings.noun),
              ratings=counted(ratings.n_ratings, tr("rating")), density=percent(ratings.density))  # fmt: skip


@contextmanager
def progress(quiet: bool) -> Iterator[Progress | None]:
    """A progress bar on a terminal; None where the output is for a program."""
    if quiet or not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(share: float | None, sentence: str) -> None:
            if bar.tasks[0].description != sentence and share is None:
                bar.reset(task, total=None)
            bar.update(task, description=sentence, total=None if share is None else 1.0, completed=share or 0.0)

        yield tell


def print_json(**values: Any) -> None:
    """One object on one line."""
    sys.stdout.write(json.dumps(_without_nan(values), ensure_ascii=False, allow_nan=False) + "\n")


def _without_nan(value: Any) -> Any:
    """JSON has no NaN: what does not exist is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _without_nan(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(inner) for inner in value]
    return value


def say(sentence: str) -> None:
    """One line on stdout."""
    sys.stdout.write(sentence + "\n")
