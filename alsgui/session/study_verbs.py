"""The verbs of studies: the same settings from several starts, as a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alsgui.core.brake import Brake
from alsgui.session.fitting import KERNELS
from alsgui.session.state import Job
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.solvers.config import Config
    from alsgui.core.split import Split
    from alsgui.core.starts_study import StartsStudy
    from alsgui.jobs.runner import Emitter
    from alsgui.session.session import Session


class StudyVerbs:
    """What a person can ask about a fit as a whole. `Session.studies` is the one instance."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def starts(self, n_starts: int = 10) -> None:
        """Fit the shown model's settings from several seeds and compare what they come to."""
        model = self._session.state.model
        if model is None or model.split is None:
            return
        name = tr("{n} starts", n=n_starts)
        self._session.start_job(
            Job("study", name, tr("preparing")),
            starts_work(model.split, model.config, n_starts),
            self._steps,
            self._done,
        )

    def _steps(self, steps: list[tuple[str, Any]]) -> None:
        job = self._session.state.job
        told = dict(steps).get("start")
        if told is not None and job is not None:
            number, n_starts, done = told
            share = (number + done) / n_starts
            detail = tr("start {n} of {all}", n=number + 1, all=n_starts)
            self._session.put(job=replace(job, detail=detail, done=share))

    def _done(self, study: StartsStudy) -> None:
        self._session.put(starts=study)


def starts_work(split: Split, config: Config, n_starts: int) -> Callable[[Emitter, Brake], StartsStudy]:
    """The job of a study; it emits "start": number (from 0), of how many, share that is done."""

    def work(out: Emitter, brake: Brake) -> StartsStudy:
        from alsgui.core.starts_study import study

        KERNELS.wait(out, brake)
        return study(split, config, brake, n_starts, lambda number, done: out.latest("start", (number, n_starts, done)))

    return work
