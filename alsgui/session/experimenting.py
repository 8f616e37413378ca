"""The verbs of the experiments: one click each, on the open ratings or on the sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alsgui.core.experiment_names import EXPERIMENTS
from alsgui.session.fitting import KERNELS
from alsgui.session.state import Job
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.brake import Brake
    from alsgui.core.experiments import Findings
    from alsgui.core.split import Split
    from alsgui.jobs.runner import Emitter
    from alsgui.session.session import Session

FINDINGS = "findings"


def experiment_work(name: str, split: Split, user: int) -> Callable[[Emitter, Brake], Findings]:
    """The job of an experiment: emits what is found so far as "findings", the newest counts."""

    def work(out: Emitter, brake: Brake) -> Findings:
        from alsgui.core.errors import Interrupted
        from alsgui.core.experiments import experiment

        if not KERNELS.ready(begin=False):
            KERNELS.wait(out, brake)
        findings: Findings | None = None
        for findings in experiment(name, split, user, brake):
            out.latest(FINDINGS, findings)
        if findings is None:
            raise Interrupted
        return findings

    return work


class ExperimentVerbs:
    """What a person can do with experiments. `Session.experimenting` is the one instance."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: str | None = None
        session.changed.connect(self._data_may_have_come)

    def start(self, name: str) -> None:
        """Show the experiment on Compare and run it; without ratings, on the sample, once it is open.

        Raises
        ------
        ConfigError
            When there is no such experiment.
        """
        if name not in EXPERIMENTS:
            from alsgui.core.errors import ConfigError

            raise ConfigError(
                tr("There is no experiment {name}.", name=name), tr("Use {all}.", all=", ".join(EXPERIMENTS))
            )
        state = self._session.state
        if state.split is None:
            self._waiting = name
            self._session.open_sample()
            return
        job = Job("experiment", EXPERIMENTS[name][0], tr("preparing"), 0.0)
        work = experiment_work(name, state.split, state.selection.user or 0)
        with self._session.together():
            if self._session.start_job(job, work, self._steps, self._found):
                self._session.put(findings=None, page="compare", experiment=name)

    def wait_for_data(self, name: str) -> None:
        """Run the experiment once the ratings that are being opened are there."""
        self._waiting = name

    def _data_may_have_come(self, field: str) -> None:
        if field == "data" and self._waiting is not None and self._session.state.data is not None:
            name, self._waiting = self._waiting, None
            self._session.after_current(lambda: self.start(name))

    def _steps(self, steps: list[tuple[str, Any]]) -> None:
        found = dict(steps)
        job = self._session.state.job
        if "note" in found and job is not None:
            self._session.put(job=replace(job, detail=found["note"]))
        if FINDINGS in found and job is not None:
            findings: Findings = found[FINDINGS]
            self._session.put(findings=findings, job=replace(job, done=findings.done, detail=""))

    def _found(self, findings: Findings) -> None:
        self._session.put(findings=findings)
