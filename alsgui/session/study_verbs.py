"""The verbs of studies: the same settings from several starts, and points placed by UMAP, as jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alsgui.core.brake import Brake
from alsgui.session.fitting import KERNELS
from alsgui.session.state import Job
from alsgui.text import count, tr

if TYPE_CHECKING:
    from alsgui.core.embedding import Embedding
    from alsgui.core.projection import Space
    from alsgui.core.ratings import Ints
    from alsgui.core.solvers.config import Config
    from alsgui.core.solvers.factors import Factors
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

    def embed(self, space: Space, factors: Factors, listed: Ints) -> bool:
        """Place points on a plane by UMAP; whether that could begin."""
        name = tr("UMAP of {n} points", n=count(len(listed)))
        job = Job("study", name, tr("in a process of its own"))
        return self._session.start_job(job, embedding_work(space, factors, listed), lambda steps: None, self._embedded)

    def _embedded(self, embedding: Embedding) -> None:
        self._session.put(embedding=embedding)

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


def embedding_work(space: Space, factors: Factors, listed: Ints) -> Callable[[Emitter, Brake], Embedding]:
    """The job of placing points on a plane."""

    def work(out: Emitter, brake: Brake) -> Embedding:
        from alsgui.core.embedding import Embedding, embed

        return Embedding(factors, space.thing, listed, embed((space.rows @ space.root)[listed], brake))

    return work


def starts_work(split: Split, config: Config, n_starts: int) -> Callable[[Emitter, Brake], StartsStudy]:
    """The job of a study; it emits "start": number (from 0), of how many, share that is done."""

    def work(out: Emitter, brake: Brake) -> StartsStudy:
        from alsgui.core.starts_study import study

        KERNELS.wait(out, brake)
        return study(split, config, brake, n_starts, lambda number, done: out.latest("start", (number, n_starts, done)))

    return work
