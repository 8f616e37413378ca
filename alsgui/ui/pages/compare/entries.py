"""What is compared on the page: runs on the hold-out at hand, and baselines; their figures are had off this thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alsgui.session.fitting import GOING_ON
from alsgui.session.session import Session
from alsgui.session.state import Run, State
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.compare import Baseline, Contender, Judged
    from alsgui.core.solvers.config import Config
    from alsgui.core.split import Split

BASELINE_NAMES: dict[Baseline, tuple[str, str]] = {
    "biases": (tr("User + {noun} biases"), tr("μ + bᵢ + cⱼ with the default ridge on biases: the line to beat")),
    "movie_mean": (tr("{Noun} mean"), tr("Every prediction is the mean of the {noun}'s training ratings")),
    "global_mean": (tr("Global mean"), tr("Every prediction is the mean of all training ratings: no order, no lists")),
    "popularity": (tr("Popularity"), tr("Lists what has the most training ratings; predicts no ratings")),
}


@dataclass(frozen=True, eq=False)
class Entry:
    """One row of the table: a run that has ended, or a baseline."""

    key: str
    name: str
    tip: str
    run: Run | None = None
    baseline: Baseline | None = None

    @property
    def config(self) -> Config | None:
        """Settings of a run; baselines have none."""
        return self.run.config if self.run is not None else None


def entries_of(state: State) -> tuple[list[Entry], int]:
    """Runs judged on the hold-out at hand, newest first, then the baselines; and how many runs were on another."""
    if state.split is None or state.data is None:
        return [], 0
    ended = [run for run in reversed(state.runs) if run.model is not None]
    here = [run for run in ended if run.split is state.split]
    model = state.model
    from_file = model is not None and model.stopped != GOING_ON and not any(run.model is model for run in here)
    if model is not None and from_file and model.split is state.split:
        here.append(Run(0, model.config, state.split, state.data.source, model.history, model))
    runs = [Entry(f"run {run.number}", run.name if run.number else tr("Opened model"), "", run) for run in here]
    noun = state.data.ratings.noun
    words = {"noun": noun, "Noun": noun[:1].upper() + noun[1:]}
    baselines = [
        Entry(name, title.format(**words), tip.format(**words), baseline=name)
        for name, (title, tip) in BASELINE_NAMES.items()
    ]
    return [*runs, *baselines], len(ended) - sum(run.number > 0 for run in here)


class JudgeBook:
    """Figures of entries, judged once each for a split and a length of lists.

    Parameters
    ----------
    told
        Called on this thread when figures have come.
    """

    def __init__(self, session: Session, told: Callable[[], None]) -> None:
        self._session, self._told = session, told
        self._split: Split | None = None
        self._contenders: dict[tuple[Any, ...], Contender] = {}
        self._judged: dict[tuple[Any, ...], Judged] = {}
        self._asked: set[tuple[Any, ...]] = set()

    def contender(self, entry: Entry) -> Contender | None:
        """The predictions of an entry; None while they are made."""
        identity = _identity(entry)
        known = self._contenders.get(identity)
        model = entry.run.model if entry.run is not None else None
        if known is not None and model is not None and known.predictor is not model.predictor:
            # The same numbers held elsewhere (`session.shelf`): keeping the old ones would keep their memory.
            known = self._contenders[identity] = replace(known, predictor=model.predictor)
        return known

    def judged(self, entry: Entry, n: int, *, events: bool) -> Judged | None:
        """Its figures with lists of n; None while they are had."""
        return self._judged.get((*_identity(entry), n, events))

    def want(self, entries: list[Entry], split: Split, n: int, *, events: bool) -> None:
        """Have what is not known yet, the first entries first."""
        if split is not self._split:
            self._split = split
            for known in (self._contenders, self._judged, self._asked):
                known.clear()
            self._session.light.forget("compare/judge")
        for entry in reversed(entries):  # the last asked is done first
            place = (*_identity(entry), n, events)
            if place not in self._asked:
                self._asked.add(place)
                self._ask(entry, split, n, events=events)

    def _ask(self, entry: Entry, split: Split, n: int, *, events: bool) -> None:
        identity, known = _identity(entry), self.contender(entry)

        def work() -> tuple[Contender, Judged]:
            from alsgui.core.compare import judge, of_baseline, of_model

            made = known
            if made is None and entry.run is not None and entry.run.model is not None:
                made = of_model(entry.run.model)
            elif made is None and entry.baseline is not None:
                made = of_baseline(entry.baseline, split.training)
            assert made is not None
            return made, judge(made, split, n, events=events)

        def take(found: tuple[Contender, Judged]) -> None:
            if split is self._split:
                self._contenders[identity], self._judged[*identity, n, events] = found
                self._told()

        self._session.light.request(f"compare/judge/{entry.key}/{n}/{events}", work, take)


def _identity(entry: Entry) -> tuple[Any, ...]:
    """Not its number alone: a run that went on is another."""
    model = entry.run.model if entry.run is not None else None
    return (entry.key, len(model.half_steps), model.half_steps[-1:]) if model is not None else (entry.key,)
