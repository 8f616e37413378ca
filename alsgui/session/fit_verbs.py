"""The verbs of fitting: settings, fit, pause, half-step, stop, go on, and the runs."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from alsgui.core.conventions import preset_settings
from alsgui.core.solvers.config import CONFIGS, Config, ImplicitConfig, ObservedConfig, RidgeConfig, make_config
from alsgui.session.fitting import BACK, GOING_ON, HALF_STEP, fit_progress, fit_work
from alsgui.session.person_verbs import outliving
from alsgui.session.records import Records
from alsgui.session.state import Data, Job, Notice, Run, Source
from alsgui.session.view_verbs import with_names
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import EpochRecord, Model
    from alsgui.core.ratings import Ints
    from alsgui.core.recommend import Filters
    from alsgui.core.steps import Fitted
    from alsgui.session.session import Session

CHAPTER_RECOMMENDATIONS = 6
"""The text-book lists the six best movies."""

FEWEST_LISTED = 10
"""Movies that must have enough ratings for a list that leaves out the others."""

_MEAN_OTHERWISE = ("lambda_u", "lambda_m", "lambda_power", "lambda_bias")
"""Settings whose sizes say nothing about another loss."""


class FitVerbs:
    """What a person can do on Train. `Session.fitting` is the one instance."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._first_epoch = 0
        self._last_epoch = 0
        self._before: dict[str, Any] = {}
        self._newest: Model | None = None

    # Settings

    def set_config(self, **values: Any) -> None:
        """Change settings of the next fit.

        Raises
        ------
        ConfigError
            When a value is out of range; nothing changes then.
        """
        self._session.put(config=replace(self._session.state.config, **values))

    def choose_algorithm(self, algorithm: str) -> None:
        """Take another algorithm.

        What was changed by hand and means the same to both is kept; all else goes to the default of the new one.
        """
        old, kind = self._session.state.config, CONFIGS[algorithm]
        if type(old) is kind:
            return
        known = {field.name for field in fields(kind)} - set(_MEAN_OTHERWISE)
        kept = {
            field.name: getattr(old, field.name)
            for field in fields(old)
            if field.name in known and getattr(old, field.name) != field.default
        }
        if kept.get("init") not in kind.inits:
            kept.pop("init", None)
        self._session.put(config=kind(**kept))

    def choose_preset(self, name: str) -> None:
        """Take the settings of a preset, with the number of attributes at hand unless it has its own.

        Raises
        ------
        ConfigError
            When there is no such preset.
        """
        algorithm, settings = preset_settings(name)
        old = self._session.state.config
        own = {} if old.k == type(old).k else {"k": old.k}
        self._session.put(config=make_config(algorithm, **(own | settings)))

    def reset_config(self) -> None:
        """All settings at their defaults for these data."""
        data = self._session.state.data
        self._session.put(config=self.usual_config(data, None))

    def usual_config(self, data: Data | None, model: Model | None) -> Config:
        """Settings to start from: the model's own, the chapter's for its example, those of counts, the defaults."""
        if model is not None:
            return model.config
        source = data.source if data is not None else None
        if data is not None and data.report is not None and data.report.options.feedback == "counts":
            return ImplicitConfig()
        if source is not None and (source.kind, source.what) == ("generated", "chapter"):
            return RidgeConfig(k=2)
        return ObservedConfig()

    def usual_filters(self, source: Source | None, movie_counts: Ints | None) -> Filters:
        """What lists leave out at first; nothing for want of ratings where hardly a movie has more."""
        from alsgui.core.recommend import Filters

        if source is not None and (source.kind, source.what) == ("generated", "chapter"):
            return Filters(hide_seen=False, at_least=0, n_top=CHAPTER_RECOMMENDATIONS)
        usual = Filters()
        if movie_counts is not None and (movie_counts >= usual.at_least).sum() < FEWEST_LISTED:
            return replace(usual, at_least=0)
        return usual

    # A fit

    def fit(self, *, by_hand: bool = False) -> None:
        """Start a run with the settings; `by_hand` waits after the first half-step."""
        state = self._session.state
        if state.split is None or state.data is None:
            return
        run = Run(self.next_number(), state.config.resolved(state.split.training), state.split, state.data.source)
        self.start(run, None, run.config.epochs, by_hand=by_hand)

    def next_number(self) -> int:
        """Of the run that would be started now; numbers of forgotten runs come back only with them."""
        runs = (*self._session.state.runs, *self._session.keeping.forgotten)
        return max((run.number for run in runs), default=0) + 1

    def go_on(self, epochs: int) -> None:
        """More epochs of the shown model's run, from where it stands."""
        run = self._session.state.current_run
        if run is not None and run.model is not None:
            run = replace(run, config=replace(run.config, epochs=epochs))
            self.start(run, run.model, epochs, by_hand=False)

    def half_step(self) -> None:
        """Solve one side and wait: u, then m, and so on. Starts a run when none goes on."""
        if self._session.state.phase != "fitting":
            self.fit(by_hand=True)
            return
        self._session.runner.gate.run_until(HALF_STEP)
        self._show_paused(True)

    def step_back(self) -> None:
        """Undo the half-step that was taken last by hand; u and m have the bits that they had before it."""
        job, runner = self._session.state.job, self._session.runner
        if self._session.state.phase == "fitting" and job is not None and job.paused:
            runner.brake.back = True
            runner.gate.run_until(BACK)

    def pause(self) -> None:
        """Wait at the next row block."""
        if self._session.state.phase == "fitting":
            self._session.runner.gate.pause()
            self._show_paused(True)

    def resume(self) -> None:
        """Go on after a pause."""
        if self._session.state.phase == "fitting":
            self._session.runner.gate.resume()
            self._show_paused(False)

    def stop(self) -> None:
        """End the fit and keep what is complete."""
        if self._session.state.phase == "fitting":
            self._session.runner.stop()

    def show_run(self, number: int) -> None:
        """Show the model of another run of these data."""
        state = self._session.state
        run = next((run for run in state.runs if run.number == number), None)
        if run is None or run.model is None or run.model is state.model or state.phase == "fitting":
            return
        if state.data is not None and run.split.ratings is state.data.ratings:
            self._session.put(model=run.model, **outliving(state))
            self._session.shelf.take_shown(number)

    def start(self, run: Run, start: Model | None, epochs: int, *, by_hand: bool = False) -> None:
        """Begin a run, or go on with it from a model for so many epochs."""
        state = self._session.state
        self._first_epoch = run.history[-1].epoch if run.history else 0
        self._last_epoch = self._first_epoch + epochs
        known = state.baselines if run.config.predicts_ratings else state.popularity
        work = fit_work(run.split, run.config, run.number, start, judge_baselines=known is None)
        job = Job("fit", run.name, tr("preparing"), paused=by_hand)
        paused_after = HALF_STEP if by_hand else None
        with self._session.together():
            if self._session.start_job(job, work, self._steps, self._fitted, paused_after):
                self._before, self._newest = (
                    {"model": state.model, "person": state.person, "people": state.people},
                    None,
                )
                others = tuple(other for other in state.runs if other.number != run.number)
                self._session.put(runs=(*others, run), page="train" if state.page == "data" else state.page)

    # What its steps mean

    def _steps(self, steps: list[tuple[str, Any]]) -> None:
        records: list[EpochRecord] = []
        for key, step in steps:
            if key == "epoch":
                records.append(step)
            elif key == BACK:
                self._add_epochs(records)
                records = []
                *others, run = self._session.state.runs
                self._session.put(runs=(*others, replace(run, history=step.history)))
        self._add_epochs(records)
        for key, step in steps:
            self._step(key, step)
        self._show_newest()

    def _step(self, key: str, step: Any) -> None:
        session = self._session
        job = session.state.job
        if key == "live":
            session.put(live=step)
        elif key == "model":
            self._newest = step
        elif key in ("baselines", "popularity"):
            if session.state.runs[-1].split is session.state.split:
                session.put(**{key: step})
        elif key == "note" and job is not None:
            session.put(job=replace(job, detail=step))
        elif key == BACK and job is not None:
            from alsgui.core.steps import HalfSweep

            done = HalfSweep(step.side, step.epoch, 1.0)
            session.put(job=fit_progress(job, done, self._first_epoch, self._last_epoch, 0.0))
        elif key == "sweep" and job is not None:
            run = session.state.runs[-1]
            records = run.history
            pace = records[-1].seconds / records[-1].epoch if records else 0.0
            session.put(job=fit_progress(job, step, self._first_epoch, self._last_epoch, pace))

    def _show_newest(self) -> None:
        """Show the model of the newest epoch, once all that was asked for the one before is there.

        So lists and reasons move as fast as they can be made, and at any speed of epochs none is made in vain.
        """
        session, newest = self._session, self._newest
        paused = session.state.job is not None and session.state.job.paused
        if newest is None or not (paused or session.light.idle):
            return
        self._newest, shown = None, session.state.model
        follows = shown is not None and shown.stopped == GOING_ON
        session.put(model=newest, **({} if follows else outliving(session.state)))

    def _add_epochs(self, records: list[EpochRecord]) -> None:
        """All of a batch at once: on tiny ratings there are hundreds."""
        if records:
            *others, run = self._session.state.runs
            known = run.history if isinstance(run.history, Records) else Records(run.history)
            self._session.put(runs=(*others, replace(run, history=known.extended(records))))

    def _fitted(self, fitted: Fitted) -> None:
        self._before, self._newest = {}, None  # they would keep factors in memory that may go to disk
        *others, run = self._session.state.runs
        model = with_names(fitted.model, run.model)
        ended = replace(run, history=model.history, model=model, acts=(*run.acts, *self._acts(run, fitted)))
        self._session.put(runs=(*others, ended), model=model, live=None, **outliving(self._session.state))
        if fitted.trouble is not None:
            n = model.history[-1].epoch if model.history else 0
            kept = tr("Epoch {n} is kept.", n=n) if n else tr("The first half-step is kept.")
            self._session.tell(Notice("error", fitted.trouble.message, f"{fitted.trouble.hint} {kept}"))
        self._session.shelf.take_shown(run.number)

    def _acts(self, run: Run, fitted: Fitted) -> tuple[Config, ...]:
        """The settings that make again what a start has reached."""
        history = fitted.model.history
        if run.acts and (history[-1].epoch if history else 0) == self._first_epoch:
            return ()  # u was solved again for the same m, which gives the same u
        return fitted.acts

    def abandoned(self) -> None:
        """A job ended with nothing to keep: take the run that it may have begun from the list."""
        state = self._session.state
        if state.live is not None or any(run.model is None for run in state.runs):
            kept = (replace(run, history=run.model.history) for run in state.runs if run.model is not None)
            self._session.put(runs=tuple(kept), live=None, **self._before)

    def _show_paused(self, paused: bool) -> None:
        job = self._session.state.job
        if job is not None:
            self._session.put(job=replace(job, paused=paused))
            self._show_newest()  # while it waits no step comes that would have it shown
