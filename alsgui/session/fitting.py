"""The fit as a job: what runs on the worker thread, and what its steps mean on screen."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from alsgui.core.brake import Brake
from alsgui.core.errors import Interrupted
from alsgui.session.state import Job, Live
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.core.solvers.config import Config
    from alsgui.core.split import Split
    from alsgui.core.training import Fitted, HalfSweep
    from alsgui.jobs.runner import Emitter

HALF_STEP = "half"
"""Key of the step after which a fit that is stepped by hand waits."""


def fit_work(
    split: Split, config: Config, run: int, start: Model | None, *, judge_baselines: bool
) -> Callable[[Emitter, Brake], Fitted]:
    """The job of one fit.

    It emits, as points: "baselines" (once; "popularity" where predictions are no ratings), "epoch" (records), "half"
    (the side that was solved; after the epoch's record where it ends one); and as newest-counts: "sweep" (progress
    inside a half-step), "live" (`Live`).
    """

    def work(out: Emitter, brake: Brake) -> Fitted:
        compile_kernels(out, brake)
        from alsgui.core.baselines import baselines, popularity_figures
        from alsgui.core.training import Epoch, Fitted, HalfStep, HalfSweep, iter_fit

        if judge_baselines and config.predicts_ratings:
            out.point("baselines", baselines(split, brake))
        elif judge_baselines:
            out.point("popularity", popularity_figures(split))
        for step in iter_fit(split, config, brake, start):
            if isinstance(step, HalfSweep):
                out.latest("sweep", step)
            elif isinstance(step, HalfStep):
                out.latest("live", Live(run, step.epoch, step.record.side, step.factors, step.predictor))
                if step.record.side == config.sides[0]:
                    out.point(HALF_STEP, step.record.side)
            elif isinstance(step, Epoch):
                out.point("epoch", step.record)
                out.point(HALF_STEP, config.sides[1])
            elif isinstance(step, Fitted):
                return step
        raise Interrupted

    return work


def compile_kernels(out: Emitter, brake: Brake) -> None:
    """Fill the on-disk cache of compiled solvers where it is empty, in a process of its own.

    Compiling in this process would hold the window for a tenth of a second at a time.
    """
    from alsgui.core.solvers.warm import compiled

    if compiled():
        return
    process = subprocess.Popen([sys.executable, "-m", "alsgui.core.solvers.warm"])
    try:
        while process.poll() is None:
            if brake.is_set():
                raise Interrupted
            out.latest("note", tr("compiling the solvers, first time only"))
            time.sleep(0.05)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


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
