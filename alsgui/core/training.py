"""The driver: alternating half-steps as a generator, whose every step can be drawn, kept, or be the last.

An epoch solves u, then m (or m, then u). A fit that ends, for whatever reason, keeps factors in which u was solved for
the m that is kept: u is solved once more, exactly, unless it was exact already (the closing half-step).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np

from alsgui.core.beginnings import Start, checked_start, same_loss, versions
from alsgui.core.brake import Brake
from alsgui.core.errors import Interrupted, NumericalError
from alsgui.core.folding import folded
from alsgui.core.judging import Judging
from alsgui.core.metrics import NAN
from alsgui.core.model import EpochRecord, HalfStepRecord, Model, build_model
from alsgui.core.predictor import Predictor, predictor
from alsgui.core.progress import Place, Progress
from alsgui.core.ratings import Floats, Ratings
from alsgui.core.rising import LossWatch
from alsgui.core.solvers.alternation import Alternation, Momentum
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.factors import Factors, Side, fitting_start
from alsgui.core.solvers.packed import Entries, Point
from alsgui.core.solvers.problem import Problem, Solved
from alsgui.core.solvers.settings import Config
from alsgui.core.split import Split, split
from alsgui.core.steps import Epoch, Fitted, HalfStep, HalfSweep, Step, SteppedBack
from alsgui.core.summary import TrainingSummary
from alsgui.text import tr

CLOSING_BUDGET_SECONDS = 0.1
"""A cancelled fit makes the closing half-step only when the last solve of u took less than this."""

MOST_STEPS_BACK = 50
"""Half-steps taken by hand that can be undone; each holds both sides."""

UNCOMPILED = "NumPy"
"""What `Model.versions` has for "kernels" where a fit went without."""


class Training:
    """One fit in progress. Use `iter_fit` unless single parts are needed."""

    def __init__(
        self,
        split: Split,
        config: Config,
        brake: Event | None = None,
        start: Start | None = None,
        *,
        compiled: bool = True,
    ) -> None:
        self.split, self._compiled = split, compiled
        self.config = config.resolved(split.training)
        self.brake = brake or Brake()
        self.problem = self._problem(self.config)
        self._start = checked_start(split, self.config, start)
        self._incomparable = 0  # epochs whose loss is another
        self.judging = Judging(split, ratings=self.config.predicts_ratings, compiled=compiled)
        if isinstance(start, Model) and not same_loss(start.config, self.config):
            self._incomparable = len(start.history)
        self._checkpoint: tuple[Momentum, int] | None = None
        self._best: tuple[EpochRecord, Point] | None = None
        self._losses = self._watch()
        self._lowest: tuple[Momentum, int] | None = None
        self._resume: Momentum | None = None
        self._acts: list[Config] = []
        self._ended = False
        self._by_hand = False
        self._turned_for = -1
        self._places: deque[Place] = deque(maxlen=MOST_STEPS_BACK)

    def _problem(self, config: Config) -> Problem:
        if self._compiled:
            return config.problem(self.split.training)
        from alsgui.core.solvers.plain import plain_problem

        return plain_problem(config, self.split.training)

    def steps(self) -> Iterator[Step]:
        """All steps, `Fitted` at last.

        Raises
        ------
        Interrupted
            When the fit was ended before its first half-step was complete: there is nothing to keep.
        NumericalError
            When a row has no answer.
        """
        trouble: NumericalError | None = None
        with Workers(self.config.threads, self.brake.is_set) as workers:
            started = time.perf_counter()
            self._begin(workers)
            self.progress.seconds += time.perf_counter() - started
            try:
                while not self._finished:
                    yield from self._epoch(workers)
            except Interrupted:
                self.progress.stopped = "cancelled" if self._cancelled else "stopped"
                if self.progress.last_side is None:
                    raise
                self._back_to_the_last_epoch()
            except NumericalError as error:
                self.progress.stopped, trouble = "error", error
                if self.progress.last_side is None:
                    raise
                self._back_to_the_last_epoch()
        closed = False
        if trouble is None and self._wants_closing():
            try:
                yield from self._close()
                closed = True
            except NumericalError as error:
                self.progress.stopped, trouble = "error", error
        model = self._model(closed)
        yield Fitted(model, trouble, self._all_acts(model))

    def _begin(self, workers: Workers) -> None:
        """Where the first half-step starts: the momentum of the model that goes on, or factors."""
        start, layout = self._start, self.problem.layout
        accelerate = bool(getattr(self.config, "accelerate", False))
        momentum = self._momentum_of_the_start()
        if momentum is None:
            factors = start.factors if isinstance(start, Model) else start
            if factors is None:
                from alsgui.core.solvers.starts import start as drawn_start

                factors = drawn_start(self.problem, self.config.seed, workers)
            begin = fitting_start(self.problem.prepared(factors), self.config, self.problem.known, biases=layout.biases)
            momentum = Momentum(Point.of(begin, layout))
        elif not accelerate:
            momentum = Momentum(momentum.kept)
        self._alternation = Alternation(self.problem, momentum, accelerate=accelerate)
        self.progress = Progress(momentum.kept)
        if isinstance(start, Model):
            self.progress.history, self.progress.half_steps = list(start.history), list(start.half_steps)
            self.progress.epoch = start.history[-1].epoch if start.history else 0
            self.progress.seconds = start.history[-1].seconds if start.history else 0.0
            if momentum.solved is not None:
                self._checkpoint = (momentum, len(start.half_steps))
        self._act_began = self.progress.epoch
        self._last_epoch = self.progress.epoch + self.config.epochs

    def _momentum_of_the_start(self) -> Momentum | None:
        """What a model that goes on with the same loss and precision brings along."""
        start = self._start
        goes_on = isinstance(start, Model) and not self._incomparable and start.config.dtype == self.config.dtype
        return start.momentum if isinstance(start, Model) and goes_on else None

    def _go_on_by_hand(self) -> None:
        """From here on half-steps are plain and exact: whoever takes them one by one sees what each solves."""
        how: dict[str, Any] = {"accelerate": False, "solver": "exact"}
        plain = replace(self.config, **{name: value for name, value in how.items() if hasattr(self.config, name)})
        self._by_hand = True
        if plain == self.config:
            return
        if self.progress.epoch > self._act_began:
            self._acts.append(replace(self.config, epochs=self.progress.epoch - self._act_began))
        self._act_began = self.progress.epoch
        self.config, self.problem = plain, self._problem(plain)
        self._alternation = Alternation(self.problem, Momentum(self.progress.kept), accelerate=False)

    def _all_acts(self, model: Model) -> tuple[Config, ...]:
        epochs = self.progress.epoch - self._act_began
        last = replace(self.config, epochs=max(epochs, 1), closing=model.settled or not self.config.closing)
        return (*self._acts, last) if epochs or not self._acts else tuple(self._acts)

    def _epoch(self, workers: Workers) -> Iterator[Step]:
        progress, epoch = self.progress, self.progress.epoch + 1
        if isinstance(self.brake, Brake) and self.brake.by_hand and not progress.midway:
            self._go_on_by_hand()
        if self._turned_for != progress.epoch:
            self._alternation.turn(progress.epoch)
            self._turned_for = progress.epoch
        for side in self.config.sides[progress.midway :]:
            self._remember_place()
            yield from self._half_step(side, epoch, workers)
            progress.midway = side == self.config.sides[0]
            if self._asked_back:
                yield from self._step_back()
                return
            reason = self.problem.ends(progress.half_steps)
            if reason is not None:
                progress.stopped, self._ended = reason, True
                if side != self.config.sides[-1]:
                    return
        last, form = progress.half_steps[-1], self.predictor_of(progress.kept.factors)
        judged = self._judged(progress.kept.factors, form)
        figures = self.judging.errors(judged, workers)
        lists = self.judging.lists(judged)
        of_lists = (lists.recall, lists.ndcg) if lists else (None, None)
        rmse_train = self._rmse(last.rss)
        record = EpochRecord(epoch, last.loss, rmse_train, figures.rmse, figures.mae, progress.seconds, *of_lists)
        progress.epoch = epoch
        progress.history.append(record)
        if self._best is None or _error(record) < _error(self._best[0]):
            self._best = (record, progress.kept)
        self._checkpoint = (self._alternation.momentum, len(progress.half_steps))
        self._watch_the_loss(record)
        self._see_whether_finished()
        yield Epoch(record, progress.kept.factors, form)
        if self._asked_back:
            yield from self._step_back()

    @property
    def _asked_back(self) -> bool:
        return isinstance(self.brake, Brake) and self.brake.back

    def _remember_place(self) -> None:
        """Keep where the fit stands before a half-step taken by hand; one that runs on has no way back."""
        if self._by_hand and isinstance(self.brake, Brake) and self.brake.by_hand:
            place = (self.progress.copied(), self._alternation.momentum, self._checkpoint, self._best)
            self._places.append(place)
        else:
            self._places.clear()

    def _step_back(self) -> Iterator[Step]:
        """Undo half-steps as often as asked; the first that can be undone is the first taken by hand."""
        assert isinstance(self.brake, Brake)
        while self.brake.back:
            self.brake.back = False
            if self._places:
                self.progress, self._alternation.momentum, self._checkpoint, self._best = self._places.pop()
                self._ended = False
                self._losses, self._lowest = self._watch(), None
            progress, sides = self.progress, self.config.sides
            factors = progress.kept.factors
            epoch, side = (progress.epoch + 1, sides[0]) if progress.midway else (progress.epoch, sides[1])
            yield SteppedBack(tuple(progress.history), epoch, side, factors, self.predictor_of(factors))

    def _back_to_the_last_epoch(self) -> None:
        """Forget a half-step after the last complete epoch, if there is one: an epoch is what can be made again."""
        if self._checkpoint is not None:
            momentum, n_half_steps = self._checkpoint
            self._alternation.momentum = momentum
            self.progress.kept, self.progress.last_side = momentum.kept, momentum.side
            del self.progress.half_steps[n_half_steps:]

    def _half_step(self, side: Side, epoch: int, workers: Workers, *, exact: bool = False) -> Iterator[Step]:
        progress, alternation = self.progress, self._alternation
        started = time.perf_counter()
        solved: Solved | None = None
        for step in alternation.half_step(side, workers, exact=exact):
            if isinstance(step, Solved):
                solved = step
            else:
                paused_at = time.perf_counter()
                yield HalfSweep(side, epoch, step)
                started += time.perf_counter() - paused_at
        assert solved is not None
        if not np.isfinite(solved.loss):
            raise NumericalError(
                tr("The loss is not a finite number after epoch {n}.", n=epoch),
                tr("Use a larger lambda or smaller ratings."),
            )
        seconds = time.perf_counter() - started
        progress.kept, progress.last_side = alternation.momentum.kept, side
        progress.seconds += seconds
        progress.half_steps.append(HalfStepRecord(side, solved.rss, solved.loss, seconds, solved.watched))
        yield HalfStep(progress.half_steps[-1], epoch, progress.kept.factors, self.predictor_of)

    def _watch(self) -> LossWatch:
        return LossWatch(self.config, self.problem.squares)

    def _watch_the_loss(self, record: EpochRecord) -> None:
        """Where the loss rises, go back to the epoch at which it was lowest, and let that be the last."""
        progress = self.progress
        try:
            if self._losses.is_new_low(record, progress.half_steps[-2].loss):
                self._lowest = self._checkpoint
        except NumericalError:
            assert self._losses.lowest is not None
            self._checkpoint, progress.epoch = self._lowest, self._losses.lowest.epoch
            del progress.history[progress.history.index(self._losses.lowest) + 1 :]
            raise

    def _see_whether_finished(self) -> None:
        progress, history = self.progress, self.progress.history
        if len(history) - self._incomparable > 1 and self.config.tolerance > 0:
            fall = self._losses.fell(history[-2], history[-1])
            if fall is not None and fall <= self.config.tolerance * history[-2].loss:
                progress.stopped, self._ended = "tolerance", True
        patience = self.config.patience
        if patience is not None and self._best is not None and self.split.judged is not None:
            record, kept = self._best
            if history[-1].epoch - record.epoch >= patience:
                progress.kept, progress.stopped, self._ended = kept, "patience", True

    @property
    def _finished(self) -> bool:
        return self._ended or self.progress.epoch >= self._last_epoch

    @property
    def _cancelled(self) -> bool:
        return isinstance(self.brake, Brake) and self.brake.cancelled

    def _wants_closing(self) -> bool:
        """Whether u is not solved for the m that is kept yet, and a cancel leaves the time for it."""
        if not self.config.closing or (self.progress.last_side == "u" and self.problem.exact):
            return False
        past = [record.seconds for record in self.progress.half_steps if record.side == "u"]
        return not (self._cancelled and (not past or past[-1] > CLOSING_BUDGET_SECONDS))

    def _close(self) -> Iterator[Step]:
        """Solve u for the m that is kept; the momentum stays as it was, for whoever goes on."""
        momentum = self._alternation.momentum if self.progress.stopped != "patience" else None
        self._alternation = Alternation(self.problem, Momentum(self.progress.kept), accelerate=False)
        with Workers(self.config.threads, lambda: False) as workers:
            yield from self._half_step("u", self.progress.epoch, workers, exact=True)
        self._resume = momentum

    def _model(self, closed: bool) -> Model:
        progress = self.progress
        factors = progress.kept.factors
        form = self.predictor_of(factors)
        judged = self._judged(factors, form)
        with Workers(self.config.threads, lambda: False) as workers:
            return build_model(
                self.config,
                factors,
                self.split,
                TrainingSummary.of(self.split),
                history=tuple(progress.history),
                half_steps=tuple(progress.half_steps),
                training_figures=self.judging.training_errors(form, workers),
                holdout_figures=self.judging.errors(judged, workers),
                holdout_ranking=self.judging.final_lists(judged),
                stopped=progress.stopped,
                settled=closed or (progress.last_side == "u" and self.problem.exact),
                versions=versions() if self._compiled else versions() | {"kernels": UNCOMPILED},
                momentum=self._resume if closed else self._alternation.momentum,
            )

    def predictor_of(self, factors: Factors) -> Predictor:
        """Predictions of `factors`, unseen rows included."""
        biases = self.problem.layout.biases
        levels = self.config.predicts_ratings
        return predictor(factors, self.problem.mu, self.split.training, biases=biases, levels=levels)

    def _judged(self, factors: Factors, form: Predictor) -> Predictor:
        """The predictor of those whom the fit is judged by: its own users, or newcomers who are folded in."""
        if self.split.newcomers is None:
            return form

        def fold_in(rows: Entries) -> tuple[Floats, Floats]:
            return self.problem.fold_in_all(factors, rows)

        biases, levels = self.problem.layout.biases, self.config.predicts_ratings
        known, mean = self.split.newcomers.known, self.split.training.mean
        return folded(known, form, fold_in, self.problem.mu, mean, biases=biases, levels=levels)

    def _rmse(self, rss: float) -> float:
        n = self.split.training.n_ratings
        return float(np.sqrt(rss / n)) if n else NAN


def iter_fit(
    ratings: Ratings | Split,
    config: Config,
    cancel: Event | None = None,
    start: Start | None = None,
    *,
    compiled: bool = True,
) -> Iterator[Step]:
    """Fit step by step: progress, plot points, and the points at which it can be ended.

    Parameters
    ----------
    ratings
        A split into training and hold-out, or ratings, which get the usual one.
    config
        Settings; what is None in them is filled in from the ratings.
    cancel
        Set it, from any thread, to end the fit with what is complete; a `Brake` can also say how.
    start
        Factors to start from, or a model to go on from for `config.epochs` more.
    compiled
        False for a fit without kernels, where `plain.runs_plain` allows one.

    Yields
    ------
    HalfSweep, HalfStep, Epoch
        Frozen steps; the last is `Fitted`.

    Raises
    ------
    DataError, ConfigError, NumericalError
        When the ratings, the settings or a row's equations do not serve; the message says which and what to do.
    Interrupted
        When the fit was ended before anything was complete.
    """
    parts = ratings if isinstance(ratings, Split) else split(ratings)
    if config.restarts > 1 and start is None:
        from alsgui.core.restarts import fit_several

        return fit_several(parts, config, cancel or Brake())
    return Training(parts, config, cancel, start, compiled=compiled).steps()


def fitted(steps: Iterator[Step], watch: Callable[[Step], None] | None = None) -> Model:
    """The model at the end of `steps`; `watch` sees each. Raises the error that ended a fit early."""
    model: Model | None = None
    for step in steps:
        if watch is not None:
            watch(step)
        if isinstance(step, Fitted):
            if step.trouble is not None:
                raise step.trouble
            model = step.model
    if model is None:
        raise Interrupted
    return model


def _error(record: EpochRecord) -> float:
    """What patience watches: the hold-out's RMSE, or what its lists lack of a perfect NDCG."""
    return record.rmse_holdout if record.ndcg_holdout is None else 1 - record.ndcg_holdout
