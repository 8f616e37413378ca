"""Writing files as jobs. Each returns the paths it wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from alsgui.core.brake import Brake
from alsgui.core.errors import ExportError
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.core.recommend import Filters, RecommendationList
    from alsgui.core.split import Split
    from alsgui.io.reading import ReadReport
    from alsgui.jobs.runner import Emitter
    from alsgui.session.state import PersonChoice, Run

ExportWork = Callable[["Emitter", Brake], list[Path]]


def factors_work(
    model: Model | None, folder: str | Path, formats: tuple[str, ...], orientation: str | None
) -> ExportWork:
    """u, m, biases and ids in one or more formats."""

    def work(out: Emitter, brake: Brake) -> list[Path]:
        from alsgui.io.export import export_factors

        return export_factors(_there(model), folder, formats, orientation)

    return work


def predictions_work(
    model: Model | None, path: str | Path, format: str, users: range | None, movies: range | None
) -> ExportWork:
    """r, or a block of it."""

    def work(out: Emitter, brake: Brake) -> list[Path]:
        from alsgui.io.export_predictions import export_predictions

        return [export_predictions(_there(model), path, format, _slice(users), _slice(movies), cancel=brake)]

    return work


def list_work(listed: RecommendationList, path: str | Path, noun: str) -> ExportWork:
    """A list of recommendations."""

    def work(out: Emitter, brake: Brake) -> list[Path]:
        from alsgui.io.export import export_recommendations

        return [export_recommendations(listed, path, noun)]

    return work


def rejected_work(report: ReadReport, path: str | Path) -> ExportWork:
    """The rows that a read rejected."""

    def work(out: Emitter, brake: Brake) -> list[Path]:
        from alsgui.io.spreadsheet import export_rejected

        return [export_rejected(report, path)]

    return work


def everyone_work(model: Model | None, path: str | Path, filters: Filters) -> ExportWork:
    """The lists of all users."""

    def work(out: Emitter, brake: Brake) -> list[Path]:
        from alsgui.io.export_lists import export_lists

        def tell(done: float | None, sentence: str) -> None:
            out.latest("progress", (done, sentence))

        export_lists(_there(model), path, filters, progress=tell, cancel=brake)
        return [Path(path)]

    return work


def split_work(split: Split, folder: str | Path) -> ExportWork:
    """Training and hold-out ratings, and how they were divided."""

    def work(out: Emitter, brake: Brake) -> list[Path]:
        from alsgui.io.export_split import export_split

        return export_split(split, folder, cancel=brake)

    return work


def run_work(run: Run, path: str | Path) -> ExportWork:
    """All that is known of a run, or its course."""

    def work(out: Emitter, brake: Brake) -> list[Path]:
        from alsgui.io.export_run import export_run
        from alsgui.session.recipe import as_python

        return [export_run(run.name, run.acts, _there(run.model), path, as_python(run))]

    return work


def model_work(
    model: Model | None, path: str | Path, with_ratings: bool, kept: Sequence[PersonChoice] = ()
) -> ExportWork:
    """A model file, with the persons that are kept."""

    def work(out: Emitter, brake: Brake) -> list[Path]:
        from alsgui.io.model_file import save_model
        from alsgui.session.kept_people import to_plain

        save_model(replace(_there(model), people=to_plain(kept)), Path(path), with_ratings=with_ratings)
        return [Path(path)]

    return work


def _there(model: Model | None) -> Model:
    if model is None:
        raise ExportError(tr("There is no model yet."), tr("Fit one first."))
    return model


def _slice(span: range | None) -> slice | None:
    return None if span is None else slice(span.start, span.stop)
