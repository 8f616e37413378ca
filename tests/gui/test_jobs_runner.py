"""The runner of heavy jobs: what it delivers, how it pauses, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alsgui.core.brake import Brake
from alsgui.core.errors import DataError, Interrupted
from alsgui.jobs.runner import Cancelled, Emitter, Failed, Finished, Gate, Outcome, Runner, Step
from tests.helpers.sessions import PATIENCE_MS, wait_for

PATIENCE = PATIENCE_MS / 1000


class Ear:
    """Everything that a runner said."""

    def __init__(self, runner: Runner) -> None:
        self.batches: list[list[Step]] = []
        self.outcomes: list[Outcome] = []
        self.threads: set[str] = set()
        runner.stepped.connect(self._hear)
        runner.ended.connect(self.outcomes.append)

    @property
    def steps(self) -> list[Step]:
        return [step for batch in self.batches for step in batch]

    def _hear(self, batch: list[Step]) -> None:
        self.threads.add(threading.current_thread().name)
        self.batches.append(batch)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.cancel()
    assert runner.finish()


@pytest.fixture
def ear(runner: Runner) -> Ear:
    return Ear(runner)


def ended(runner: Runner, ear: Ear) -> Outcome:
    wait_for(lambda: bool(ear.outcomes), "the end of the job")
    assert not runner.busy
    return ear.outcomes[-1]


def counting(n: int) -> Any:
    def work(out: Emitter, brake: Brake) -> str:
        for number in range(n):
            out.point("point", number)
            out.latest("newest", number)
        return "done"

    return work


def endless(out: Emitter, brake: Brake) -> None:
    number = 0
    while not brake.is_set():
        out.point("half", number)
        number += 1
        brake.wait(0.001)
    if brake.cancelled:
        raise Interrupted


def test_every_point_arrives_in_order_and_on_the_gui_thread(runner: Runner, ear: Ear) -> None:
    runner.start(counting(20_000))
    assert ended(runner, ear) == Finished("done")
    assert [value for key, value in ear.steps if key == "point"] == list(range(20_000))
    assert ear.threads == {threading.main_thread().name}


def test_steps_arrive_in_batches_and_of_newest_ones_the_last_is_among_them(runner: Runner, ear: Ear) -> None:
    runner.start(counting(20_000))
    ended(runner, ear)
    newest = [value for key, value in ear.steps if key == "newest"]
    assert len(ear.batches) < 2_000
    assert len(newest) <= len(ear.batches)
    assert newest[-1] == 19_999


def test_the_end_is_told_once_and_after_the_last_steps(runner: Runner, ear: Ear) -> None:
    order: list[str] = []
    runner.stepped.connect(lambda batch: order.append("steps"))
    runner.ended.connect(lambda outcome: order.append("end"))
    runner.start(counting(5))
    ended(runner, ear)
    assert order == ["steps", "end"]


def test_the_runner_is_free_when_the_end_is_told(runner: Runner, ear: Ear) -> None:
    busy: list[bool] = []
    runner.ended.connect(lambda outcome: busy.append(runner.busy))
    runner.start(counting(1))
    assert runner.busy
    ended(runner, ear)
    assert busy == [False]


def test_a_job_that_was_interrupted_is_cancelled(runner: Runner, ear: Ear) -> None:
    runner.start(endless)
    wait_for(lambda: bool(ear.steps))
    runner.cancel()
    assert ended(runner, ear) == Cancelled()


def test_a_stopped_job_may_bring_what_it_has(runner: Runner, ear: Ear) -> None:
    runner.start(endless)
    wait_for(lambda: bool(ear.steps))
    runner.stop()
    assert ended(runner, ear) == Finished(None)


@pytest.mark.parametrize("error", [DataError("No rating is left."), ZeroDivisionError("a bug"), MemoryError()])
def test_an_error_is_a_value(runner: Runner, ear: Ear, error: Exception) -> None:
    def work(out: Emitter, brake: Brake) -> None:
        out.point("point", 1)
        raise error

    runner.start(work)
    assert ended(runner, ear) == Failed(error)
    assert ear.steps == [("point", 1)]


def test_a_second_job_beside_the_first_is_refused(runner: Runner, ear: Ear) -> None:
    runner.start(endless)
    with pytest.raises(RuntimeError):
        runner.start(counting(1))
    runner.cancel()
    ended(runner, ear)
    runner.start(counting(1))
    wait_for(lambda: len(ear.outcomes) == 2)
    assert ear.outcomes[1] == Finished("done")


def test_a_paused_job_waits_at_its_next_step_and_goes_on_where_it_stood(runner: Runner, ear: Ear) -> None:
    reached = threading.Event()

    def work(out: Emitter, brake: Brake) -> str:
        assert go.wait(PATIENCE)
        out.point("point", 1)
        reached.set()
        return "done"

    go = threading.Event()
    runner.start(work)
    runner.gate.pause()
    assert runner.gate.paused
    go.set()
    wait_for(lambda: ear.steps == [("point", 1)])
    assert not reached.is_set() and runner.busy
    runner.gate.resume()
    assert ended(runner, ear) == Finished("done")
    assert not runner.gate.paused


def test_a_job_by_hand_takes_one_step_of_the_key_at_a_time(runner: Runner, ear: Ear) -> None:
    def work(out: Emitter, brake: Brake) -> str:
        for number in range(3):
            out.latest("sweep", number)
            out.point("half", number)
        return "done"

    runner.start(work, paused_after="half")
    for number in range(3):
        wait_for(lambda n=number: ("half", n) in ear.steps)
        assert ("half", number + 1) not in ear.steps and not ear.outcomes
        runner.gate.run_until("half")
    assert ended(runner, ear) == Finished("done")


def test_steps_on_the_way_do_not_hold_a_job_that_runs_until_another(runner: Runner, ear: Ear) -> None:
    def work(out: Emitter, brake: Brake) -> None:
        for number in range(50):
            out.point("epoch", number)
        out.point("half", 0)
        out.point("epoch", 50)

    runner.start(work, paused_after="half")
    wait_for(lambda: ("half", 0) in ear.steps)
    assert ("epoch", 49) in ear.steps and ("epoch", 50) not in ear.steps
    runner.gate.resume()
    ended(runner, ear)


@pytest.mark.parametrize("way", ["stop", "cancel"])
def test_a_paused_job_sees_its_brake(runner: Runner, ear: Ear, way: str) -> None:
    runner.start(endless, paused_after="half")
    wait_for(lambda: ("half", 0) in ear.steps)
    getattr(runner, way)()
    assert ended(runner, ear) == (Cancelled() if way == "cancel" else Finished(None))


def test_a_new_job_knows_nothing_of_the_brake_and_the_pause_before_it(runner: Runner, ear: Ear) -> None:
    runner.start(endless, paused_after="half")
    wait_for(lambda: bool(ear.steps))
    runner.cancel()
    ended(runner, ear)
    runner.start(counting(3))
    wait_for(lambda: len(ear.outcomes) == 2)
    assert ear.outcomes[1] == Finished("done")


def test_finish_delivers_what_the_job_left(runner: Runner, ear: Ear) -> None:
    runner.start(counting(3))
    assert runner.finish(PATIENCE)
    assert ear.outcomes == [Finished("done")]
    assert len([key for key, _ in ear.steps if key == "point"]) == 3
    assert not runner.busy


def test_finish_without_a_job_is_done_at_once(runner: Runner) -> None:
    assert runner.finish(0)


def test_finish_gives_up_on_a_job_that_does_not_look_at_its_brake(runner: Runner, ear: Ear) -> None:
    go = threading.Event()

    def deaf(out: Emitter, brake: Brake) -> str:
        assert go.wait(PATIENCE)
        return "late"

    runner.start(deaf)
    runner.cancel()
    assert not runner.finish(0.01)
    assert runner.busy and not ear.outcomes
    go.set()
    assert ended(runner, ear) == Finished("late")


def test_no_thread_is_left_when_the_end_is_told(runner: Runner, ear: Ear) -> None:
    alive: list[bool] = []
    runner.ended.connect(
        lambda outcome: alive.append(any(thread.name == "alsgui-job" for thread in threading.enumerate()))
    )
    runner.start(counting(10))
    ended(runner, ear)
    assert alive == [False]


def test_asking_an_idle_runner_to_end_does_nothing(runner: Runner, ear: Ear) -> None:
    runner.stop()
    runner.cancel()
    QCoreApplication.processEvents()
    assert not ear.outcomes and not runner.busy


def test_what_is_dear_to_show_waits_while_the_rest_is_delivered() -> None:
    emitter = Emitter(Gate(Brake()))
    emitter.latest("live", 1, can_wait=True)
    emitter.latest("sweep", 1)
    emitter.point("epoch", 1)
    emitter.latest("live", 2, can_wait=True)
    assert emitter.drain(everything=False) == [("epoch", 1), ("sweep", 1)]
    assert emitter.drain(everything=False) == []
    assert emitter.drain() == [("live", 2)]
    assert emitter.drain() == []


def test_the_runner_keeps_to_its_allowance_but_tells_the_end(qtbot: QtBot) -> None:
    runner = Runner()
    spent = count(step=1e9)
    runner.spent_elsewhere = lambda: next(spent)
    told: list[str] = []
    runner.stepped.connect(lambda steps: told.extend(key for key, _ in steps))

    def work(out: Emitter, brake: Brake) -> None:
        out.latest("live", 1, can_wait=True)
        out.point("epoch", 1)

    with qtbot.waitSignal(runner.ended):
        runner.start(work)
    assert told == ["epoch", "live"]
