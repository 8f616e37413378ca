"""The fit as a job: what runs on the worker thread, and what its steps mean on screen."""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from alsgui.core.brake import Brake
from alsgui.core.errors import Interrupted
from alsgui.session.state import Job, Live
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import EpochRecord, Model
    from alsgui.core.predictor import Predictor
    from alsgui.core.solvers.config import Config
    from alsgui.core.solvers.factors import Factors
    from alsgui.core.split import Split
    from alsgui.core.steps import Fitted, HalfSweep
    from alsgui.jobs.runner import Emitter

HALF_STEP = "half"
"""Key of the step after which a fit that is stepped by hand waits."""


MOST_NUMBERS = 1_000_000
"""Up to so many numbers, predictions are laid out in less than a millisecond or two, on whatever thread."""

GOING_ON = "going on"
"""Why the fit of a model of one epoch ended: it has not."""

BACK = "back"
"""Key of the step that undoes one."""


def fit_work(
    split: Split, config: Config, run: int, start: Model | None, *, judge_baselines: bool
) -> Callable[[Emitter, Brake], Fitted]:
    """The job of one fit.

    It emits, as points: "baselines" (once; "popularity" where predictions are no ratings), "epoch" (records), "half"
    (the side that was solved; after the epoch's record where it ends one), "back" (a half-step was undone); and as
    newest-counts: "sweep" (progress inside a half-step), "live" (`Live`), "model" (of the latest complete epoch).
    """

    def work(out: Emitter, brake: Brake) -> Fitted:
        from threadpoolctl import threadpool_limits

        from alsgui.core.solvers.plain import runs_plain

        # For good, as where the window warms up: with another number of threads BLAS rounds otherwise, and the same
        # fit in a script would not give the same bits.
        threadpool_limits(limits=1, user_api="blas")

        at_once = not KERNELS.ready(begin=False) and split.kind != "users" and runs_plain(config, split.training)
        if not at_once:
            KERNELS.wait(out, brake)
        from alsgui.core.baselines import baselines, popularity_figures
        from alsgui.core.steps import Epoch, Fitted, HalfStep, HalfSweep, SteppedBack
        from alsgui.core.training import iter_fit

        def judge() -> None:
            if judge_baselines and config.predicts_ratings:
                out.point("baselines", baselines(split, brake, compiled=not at_once))
            elif judge_baselines:
                out.point("popularity", popularity_figures(split))

        if not at_once:
            judge()
        going_on = EpochModels(split, config)
        large = (split.ratings.n_users + split.ratings.n_movies) * (config.k + 2) > MOST_NUMBERS
        waits = at_once  # in a fresh install the first epoch is what a person waits for
        for step in iter_fit(split, config, brake, start, compiled=not at_once):
            if isinstance(step, HalfSweep):
                out.latest("sweep", step)
            elif isinstance(step, HalfStep):
                if large:
                    _ = step.predictor  # here, not when the window asks for it
                out.latest("live", Live(run, step.epoch, step.record.side, step.factors, step), can_wait=True)
                if step.record.side == config.sides[0]:
                    out.point(HALF_STEP, step.record.side)
            elif isinstance(step, Epoch):
                out.point("epoch", step.record)
                out.latest("model", going_on.model(step.factors, step.predictor, step.record), can_wait=True)
                if waits:
                    waits = False
                    KERNELS.ready()
                    with suppress(Interrupted):  # the fit ends by itself, and keeps the epoch that is complete
                        judge()
                out.point(HALF_STEP, config.sides[1])
            elif isinstance(step, SteppedBack):
                out.latest("live", Live(run, step.epoch, step.side, step.factors, step), can_wait=True)
                if step.history:
                    out.latest("model", going_on.model(step.factors, step.predictor, step.history[-1]), can_wait=True)
                out.point(BACK, step)
            elif isinstance(step, Fitted):
                return step
        raise Interrupted

    return work


class EpochModels:
    """Models of the epochs of a fit that goes on: they predict, rank and explain, and are neither judged nor kept."""

    def __init__(self, split: Split, config: Config) -> None:
        from alsgui.core.summary import TrainingSummary

        self._split, self._config, self._summary = split, config, TrainingSummary.of(split)

    def model(self, factors: Factors, form: Predictor, record: EpochRecord) -> Model:
        """The model as of one epoch."""
        from alsgui.core.metrics import ErrorFigures
        from alsgui.core.model import Model

        nothing = ErrorFigures()
        return Model(
            self._config, factors, self._summary, self._split, (record,), (), nothing, nothing, GOING_ON,
            settled=False, versions={}, predictor=form,
        )  # fmt: skip


class Kernels:
    """The compiled row solvers: whether their on-disk cache is filled, and the process that fills it.

    Compiling in this process would hold the window for a tenth of a second at a time.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ready(self, *, begin: bool = True) -> bool:
        """Whether fits can call them; where not, `begin` starts the process that compiles, unless one does already."""
        from alsgui.core.solvers.warm import compiled

        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return False
            ended, self._process = self._process, None
            # A process that failed has said why on stderr; then this one compiles when it calls them.
            if compiled() or ended is not None:
                return True
            if not begin:
                return False
            self._process = subprocess.Popen([sys.executable, "-m", "alsgui.core.solvers.warm"])
            atexit.register(self.stop)
            return False

    def wait(self, out: Emitter, brake: Brake) -> None:
        """Wait until they are ready; the person sees for what."""
        while not self.ready():
            if brake.is_set():
                raise Interrupted
            out.latest("note", tr("preparing, about 10 s, once"))
            time.sleep(0.05)

    def stop(self) -> None:
        """End the process that compiles, if there is one."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()


KERNELS = Kernels()
"""Those of this program: a fit that is ended leaves the compile going on."""


def fit_progress(job: Job, sweep: HalfSweep, first_epoch: int, last_epoch: int, seconds_per_epoch: float) -> Job:
    """The status bar's line for a sweep: share of all epochs that is done, and seconds left."""
    inside = (0.0 if sweep.side == "u" else 0.5) + sweep.done / 2
    done = (sweep.epoch - 1 + inside - first_epoch) / max(last_epoch - first_epoch, 1)
    left = (last_epoch - sweep.epoch + 1 - inside) * seconds_per_epoch if seconds_per_epoch > 0 else None
    return Job(
        job.kind,
        job.name,
        tr("epoch {n} of {all}, solving {side}", n=min(sweep.epoch, last_epoch), all=last_epoch, side=sweep.side),
        min(max(done, 0.0), 1.0),
        None if left is None else max(left, 0.0),
        job.paused,
    )
