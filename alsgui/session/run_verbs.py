"""The verbs of runs that have ended: names and stars, forgetting and restoring, and fits that begin at one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alsgui.session.exporting import model_work, run_work
from alsgui.session.state import Notice, Run, State
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.session.session import Session

MOST_FORGOTTEN = 20
"""Forgotten runs that can be restored."""


def why_no_best(state: State) -> str:
    """Why the shown run cannot go back to its best epoch; empty when it can."""
    run = state.current_run
    if run is None or run.model is None:
        return tr("No finished run yet.")
    if run.best is None:
        return tr("The run has no hold-out figures.")
    if len(run.acts) != 1:
        return tr("The run was started more than once: go on, or fit anew with fewer epochs.")
    if run.best.epoch == run.history[-1].epoch or run.model.stopped == "patience":
        return tr("The best epoch is the one that is kept.")
    return ""


def why_not_from_here(state: State) -> str:
    """Why a fit with the settings on Train cannot begin at the shown model; empty when it can."""
    run = state.current_run
    if run is None or run.model is None:
        return tr("No finished run yet.")
    config = state.config
    if type(config) is not type(run.config) or config.k != run.config.k or config.restarts > 1:
        return tr("Choose the algorithm and the K of {run}: u and m must fit.", run=run.name)
    if state.split is not run.split:
        return tr("{run} learnt from other ratings.", run=run.name)
    return ""


class RunVerbs:
    """What a person can do with runs. `Session.keeping` is the one instance."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.forgotten: tuple[Run, ...] = ()

    def rename(self, number: int, title: str) -> None:
        """Call a run otherwise; an empty title gives it back its number."""
        self._change(number, title=" ".join(title.split())[:60])

    def star(self, number: int) -> None:
        """Mark a run, or take the mark away."""
        run = self._run(number)
        if run is not None:
            self._change(number, starred=not run.starred)

    def forget(self, number: int) -> None:
        """Take a run that has ended from the list; it can be restored."""
        state = self._session.state
        run = self._run(number)
        if run is None or (state.phase == "fitting" and run is state.current_run):
            return
        self.forgotten = (*self.forgotten, run)[-MOST_FORGOTTEN:]
        kept = tuple(each for each in state.runs if each is not run)
        notice = Notice("info", tr("{run} is forgotten.", run=run.name), action="restore_run")
        self._session.put(runs=kept, notice=notice)

    def export(self, number: int, path: str | Path) -> None:
        """Write all that is known of a run that has ended (.json), or its course (.csv)."""
        run = self._run(number)
        if run is not None and run.model is not None:
            self._session.export(run_work(run, path))

    def save(self, number: int, path: str | Path) -> None:
        """Write the model of a run that has ended, with its ratings; the shown run keeps its persons."""
        run, state = self._run(number), self._session.state
        if run is not None and run.model is not None:
            kept = state.people.kept if run.model is state.model else ()
            self._session.export(model_work(run.model, path, with_ratings=True, kept=kept))

    def restore(self) -> None:
        """Bring back the run that was forgotten last, to its place."""
        if not self.forgotten:
            return
        *others, run = self.forgotten
        self.forgotten = tuple(others)
        runs = sorted((*self._session.state.runs, run), key=lambda each: each.number)
        if self._session.state.phase == "fitting":  # the run that learns stays the last
            runs.sort(key=lambda each: each is self._session.state.runs[-1])
        notice = Notice("ok", tr("{run} is back.", run=run.name))
        self._session.put(runs=tuple(runs), notice=notice)

    def fit_on_all(self) -> None:
        """A new run with the shown run's settings and as many epochs as its best hold-out had, on every rating."""
        from alsgui.core.split import split

        state, run = self._session.state, self._session.state.current_run
        if run is None or run.model is None or state.data is None or self._session.runner.busy:
            return
        # A run that was ended after its first half-step has no epoch yet.
        ended = run.history[-1].epoch if run.history else run.config.epochs
        best = run.best.epoch if run.best is not None else ended
        config = replace(run.config, epochs=best, tolerance=0.0, patience=None)
        # Ratings of a file of hold-out are learnt from, too: its name goes along, so that they can be had again.
        everything = replace(split(run.split.ratings, 0.0, run.split.seed), file=run.split.file)
        self._session.fitting.start(
            Run(self._session.fitting.next_number(), config, everything, run.source), None, best
        )

    def back_to_best(self) -> None:
        """A new run with the shown run's settings and seed that ends at its best epoch: the very factors it had."""
        state, run = self._session.state, self._session.state.current_run
        if run is None or run.best is None or why_no_best(state) or self._session.runner.busy:
            return
        config = replace(run.acts[0], epochs=run.best.epoch, patience=None)
        again = Run(self._session.fitting.next_number(), config, run.split, run.source)
        self._session.fitting.start(again, None, run.best.epoch)

    def from_here(self) -> None:
        """A new run with the settings on Train that begins at the shown model's u and m (a warm start)."""
        state, run = self._session.state, self._session.state.current_run
        if run is None or run.model is None or why_not_from_here(state) or self._session.runner.busy:
            return
        config = state.config.resolved(run.split.training)
        number = self._session.fitting.next_number()
        begun = replace(run, number=number, config=config, title="", starred=False)
        self._session.fitting.start(begun, run.model, config.epochs)

    def exchange(self, model: Model, same: Model) -> None:
        """Put the same model, held elsewhere, in the place of one that ended runs have, forgotten ones too."""

        def exchanged(runs: tuple[Run, ...]) -> tuple[Run, ...]:
            return tuple(replace(run, model=same) if run.model is model else run for run in runs)

        self.forgotten = exchanged(self.forgotten)
        self._session.put(runs=exchanged(self._session.state.runs))

    def _run(self, number: int) -> Run | None:
        return next((run for run in self._session.state.runs if run.number == number), None)

    def _change(self, number: int, **values: Any) -> None:
        runs = self._session.state.runs
        self._session.put(runs=tuple(replace(run, **values) if run.number == number else run for run in runs))
