"""Opening ratings as a job: files, samples, generated data and model files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alsgui.core.brake import Brake
from alsgui.core.errors import ExportError
from alsgui.io.options import NAMES, ImportOptions, from_json
from alsgui.session.state import Data, Source
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.core.ratings import Ratings
    from alsgui.core.split import Split
    from alsgui.io.recent import RecentFile
    from alsgui.jobs.runner import Emitter

MODEL_SUFFIX = ".alsgui"


@dataclass(frozen=True, eq=False)
class Opened:
    """What a job of opening brings: ratings with their split, or a model with or without them."""

    data: Data | None
    split: Split | None
    model: Model | None = None
    recent: tuple[RecentFile, ...] | None = None


OpeningWork = Callable[["Emitter", Brake], Opened]


def opening_work(source: Source, share: float | None = None, seed: int = 0) -> OpeningWork:
    """The job that has the ratings of `source`; it emits "progress" (share or None, sentence), newest counts."""

    def work(out: Emitter, brake: Brake) -> Opened:
        def progress(done: float | None, sentence: str) -> None:
            out.latest("progress", (done, sentence))

        if source.kind == "model" or (source.kind == "file" and source.what.endswith(MODEL_SUFFIX)):
            return _open_model(source)
        data = _read(source, progress, brake)
        progress(None, tr("counting"))
        return Opened(data, _prepared(data, share, seed), recent=_remember(data))

    return work


def _read(source: Source, progress: Callable[[float | None, str], None], brake: Brake) -> Data:
    if source.kind == "generated":
        from alsgui.core.generate import generate

        return Data(generate(source.what, **source.settings), source)
    from alsgui.io.reading import read
    from alsgui.io.samples import open_sample

    if source.kind == "sample":
        reading = open_sample(source.what, progress=progress, cancel=brake)
    else:
        reading = read(source.what, *_explicit(source), progress=progress, cancel=brake, **_given(source))
    data = Data(reading.ratings, source, reading.report)
    return turned(data) if source.swapped else data


def _explicit(source: Source) -> tuple[ImportOptions, ...]:
    """The options of a file where every one of them is known, so that nothing is guessed."""
    return (from_json(source.settings),) if source.settings.keys() >= set(NAMES) else ()


def _given(source: Source) -> Mapping[str, Any]:
    return {} if _explicit(source) else source.settings


def turned(data: Data) -> Data:
    """The same data with users and movies in each other's place; what was turned before is as it was."""
    from alsgui.io.reading import swapped

    source = replace(data.source, swapped=data.before_swap is None)
    if data.before_swap is not None:
        return data.before_swap
    return Data(
        swapped(data.ratings), source, data.report, before_swap=replace(data, source=replace(source, swapped=False))
    )


def turning_work(data: Data, share: float | None = None, seed: int = 0) -> OpeningWork:
    """The job that swaps users and movies of open data."""

    def work(out: Emitter, brake: Brake) -> Opened:
        made = turned(data)
        return Opened(made, _prepared(made, share, seed))

    return work


def given_holdout_work(data: Data, path: str) -> OpeningWork:
    """The job that reads ratings to judge by, and keeps them aside; it emits "progress" as `opening_work` does."""

    def work(out: Emitter, brake: Brake) -> Opened:
        from alsgui.core.given_holdout import given_holdout
        from alsgui.io.reading import read

        def progress(done: float | None, sentence: str) -> None:
            out.latest("progress", (done, sentence))

        test = read(path, progress=progress, cancel=brake).ratings
        progress(None, tr("matching"))
        parts = given_holdout(data.ratings, turned_ratings(test) if data.source.swapped else test, path)
        touch(parts.training.csc, parts.training.spread, parts.holdout)
        if parts.ratings is data.ratings:
            return Opened(data, parts)
        joined = replace(data, ratings=parts.ratings, before_holdout=data)
        _compute(joined)
        return Opened(joined, parts)

    return work


def turned_ratings(ratings: Ratings) -> Ratings:
    """Users and movies in each other's place."""
    from alsgui.io.reading import swapped

    return swapped(ratings)


def _open_model(source: Source) -> Opened:
    from alsgui.io.model_file import load_model

    model = load_model(source.what)
    origin = replace(source, kind="model")
    if model.split is None:
        return Opened(None, None, model)
    data = Data(model.split.ratings, origin)
    _compute(data)
    return Opened(data, model.split, model)


def _prepared(data: Data, share: float | None, seed: int) -> Split:
    """Split the ratings, with all that pages ask for computed here and not on the GUI thread."""
    from alsgui.core.split import split

    _compute(data)
    parts = split(data.ratings, share, seed)
    for ratings in (parts.training,):
        touch(ratings.csc, ratings.user_means, ratings.movie_means, ratings.spread)
    touch(parts.holdout)
    return parts


def _compute(data: Data) -> None:
    ratings = data.ratings
    touch(ratings.csc, ratings.user_means, ratings.movie_means, ratings.users_of_ratings, ratings.fingerprint)
    touch(ratings.user_rows, ratings.movie_columns)


def touch(*_: Any) -> None:
    """Nothing: its arguments are properties that remember their value once they were asked for."""


def _remember(data: Data) -> tuple[RecentFile, ...] | None:
    """Remember the file, and how it was read."""
    from alsgui.io.options import as_json
    from alsgui.io.recent import remember
    from alsgui.io.remembered import remember_options

    if data.source.kind != "file" or data.source.passing:
        return None
    ratings = data.ratings
    if data.report is not None:
        with suppress(ExportError):
            remember_options(data.source.what, as_json(data.report.options))
    path = Path(data.source.what).absolute()
    try:
        return remember(ratings.name or path.name, path, ratings.n_users, ratings.n_movies, ratings.n_ratings)
    except ExportError:
        return None  # a list of recent files that cannot be saved is no reason not to open one
