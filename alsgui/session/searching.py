"""The verbs of the search for settings: start, pause, go on, stop, look at a cell, make it the model."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alsgui.core.errors import Interrupted
from alsgui.session.fitting import KERNELS
from alsgui.session.state import Job, Notice, Search
from alsgui.text import MINUS, count, counted, tr

if TYPE_CHECKING:
    from alsgui.core.brake import Brake
    from alsgui.core.fold_table import Place
    from alsgui.core.search import Grid, SearchTable
    from alsgui.core.solvers.config import Config
    from alsgui.core.split import Split
    from alsgui.core.trials import GuidedTable, Space
    from alsgui.jobs.runner import Emitter
    from alsgui.session.session import Session

SCORE = "score"


def search_work(table: SearchTable | GuidedTable, split: Split) -> Callable[[Emitter, Brake], bool]:
    """The job of a search: writes each fit to its file and emits it as the point "score"; whether it got to its end."""

    def work(out: Emitter, brake: Brake) -> bool:
        from alsgui.core.guided import run_guided
        from alsgui.core.search import SearchTable, run_search
        from alsgui.io.search_file import SearchFile, search_path

        if not KERNELS.ready(begin=False):
            KERNELS.wait(out, brake)
        file = SearchFile.begin(search_path(split.ratings.fingerprint), wanted_of(table), split, table.scores())

        def report(score: Any) -> None:
            file.append(score)
            out.point(SCORE, score)

        def tick() -> None:
            out.latest("tick", None)

        try:
            if isinstance(table, SearchTable):
                run_search(table.grid, split, report, brake, known=table, pause=tick)
            else:
                run_guided(table.space, split, report, brake, known=table, pause=tick)
        except Interrupted:
            return False
        return True

    return work


def wanted_of(table: SearchTable | GuidedTable) -> Grid | Space:
    """What a table is of."""
    from alsgui.core.search import SearchTable

    return table.grid if isinstance(table, SearchTable) else table.space


ROW_LETTERS = {"k": "K", "lambda_power": "p", "lambda_bias": "λᵦ"}


def value_words(value: float) -> str:
    """A value of a setting as short as it can be read."""
    return f"{value:.4g}".replace("e-0", "e-").replace("-", MINUS)


def place_words(table: SearchTable | GuidedTable, place: Place) -> str:
    """K = 32, λ = 0.12."""
    from alsgui.core.search import SearchTable

    if isinstance(table, SearchTable):
        parts = {ROW_LETTERS[table.grid.row_setting]: table.grid.row_values[place[0]]}
        parts["λ"] = table.grid.lambdas[place[1]]
    else:
        trial = table.trials[place[0]]
        parts = {ROW_LETTERS["k"]: trial.k, "λ": trial.ridge}
        more = {"lambda_power": trial.lambda_power, "lambda_bias": trial.lambda_bias}
        parts |= {ROW_LETTERS[name]: value for name, value in more.items() if value is not None}
    return ", ".join(f"{letter} = {value_words(value)}" for letter, value in parts.items())


def progress_words(table: SearchTable | GuidedTable) -> str:
    """How far it is."""
    from alsgui.core.search import SearchTable

    if isinstance(table, SearchTable):
        return tr("{n} of {all} fits", n=count(table.n_fits), all=count(table.errors.size))
    return tr("{n} of {all} trials", n=count(table.n_settled), all=count(table.space.n_trials))


class SearchVerbs:
    """What a person can do with a search. `Session.searching` is the one instance."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def usual_grid(self, row_setting: str = "k") -> Grid | None:
        """A grid around the settings on Train; None without ratings."""
        from alsgui.core.search import usual_grid

        state = self._session.state
        return None if state.split is None else usual_grid(state.config, state.split, row_setting=row_setting)

    def usual_space(self, more: Collection[str] = ()) -> Space | None:
        """A space around the settings on Train, with `more` settings in it; None without ratings."""
        from alsgui.core.guided import usual_space

        state = self._session.state
        return None if state.split is None else usual_space(state.config, state.split, more)

    def start(self, wanted: Grid | Space | None = None) -> None:
        """Search a grid (by default the usual one), or guided in a space, on the training ratings.

        Raises
        ------
        ConfigError
            When the settings on Train cannot be searched so.
        """
        from alsgui.core.search import Grid, SearchTable
        from alsgui.core.trials import GuidedTable

        split, wanted = self._session.state.split, wanted or self.usual_grid()
        if split is not None and wanted is not None:
            table = SearchTable.empty(wanted) if isinstance(wanted, Grid) else GuidedTable.empty(wanted)
            self._run(Search(table, split))

    def go_on(self) -> None:
        """Go on with a search that was stopped, or that an earlier session left."""
        search = self._session.state.search
        if search is not None and not search.table.complete:
            self._run(search)

    @property
    def running(self) -> bool:
        """Whether a search is going on, paused or not."""
        job = self._session.state.job
        return job is not None and job.kind == "search"

    def toggle_pause(self) -> None:
        """Wait after the running row blocks, or go on."""
        job = self._session.state.job
        if job is None or not self.running:
            return
        gate = self._session.runner.gate
        (gate.resume if job.paused else gate.pause)()
        self._session.put(job=replace(job, paused=not job.paused))

    def stop(self) -> None:
        """End the search; what is done is kept, and it can go on later."""
        if self.running:
            self._session.runner.stop()

    def choose(self, cell: Place | None) -> None:
        """Look at a cell or trial; None looks at the best."""
        search = self._session.state.search
        if search is not None and search.chosen != cell:
            self._session.put(search=replace(search, chosen=cell))

    def make_model(self, cell: Place | None = None) -> None:
        """Fit with the settings of a cell (by default the one that is looked at) on all training ratings."""
        search = self._session.state.search
        wanted = cell if cell is not None or search is None else search.cell
        if search is not None and wanted is not None and not self._session.runner.busy:
            with self._session.together():
                self._session.put(config=self.config_at(search, wanted))
                self._session.fitting.fit()

    def config_at(self, search: Search, cell: Place) -> Config:
        """The settings of a cell, as a fit of its own has them."""
        return search.table.config_at(cell)

    def look_for_unfinished(self) -> None:
        """Have the search on these training ratings, if there was one; its file says how far it came."""
        split = self._session.state.split
        if split is None:
            return

        def read() -> SearchTable | GuidedTable | None:
            from alsgui.io.search_file import read_search, search_path

            return read_search(search_path(split.ratings.fingerprint), split)

        def take(table: SearchTable | GuidedTable | None) -> None:
            state = self._session.state
            if table is not None and state.split is split and state.search is None:
                self._session.put(search=Search(table, split))

        self._session.light.request("search/file", read, take)

    def forget(self) -> None:
        """Take the search and its file away."""
        from alsgui.io.search_file import search_path

        search = self._session.state.search
        if search is not None and not self.running:
            with suppress(OSError):
                search_path(search.split.ratings.fingerprint).unlink(missing_ok=True)
            self._session.put(search=None)

    def _run(self, search: Search) -> None:
        job = Job("search", tr("Search"), tr("preparing"), search.table.share_done)
        work = search_work(search.table, search.split)
        with self._session.together():
            if self._session.start_job(job, work, self._steps, self._ended):
                self._session.put(search=search)

    def _steps(self, steps: list[tuple[str, Any]]) -> None:
        state = self._session.state
        scores = [step for key, step in steps if key == SCORE]
        notes = [step for key, step in steps if key == "note"]
        if notes and state.job is not None:
            self._session.put(job=replace(state.job, detail=notes[-1]))
        if not scores or state.search is None or state.job is None:
            return
        table = state.search.table.with_scores(scores)
        from alsgui.core.solvers.blocks import cores

        left = table.seconds_left(cores())
        job = replace(state.job, detail=progress_words(table), done=table.share_done, seconds_left=left)
        self._session.put(search=replace(state.search, table=table), job=job)

    def _ended(self, complete: bool) -> None:
        search = self._session.state.search
        if search is None or search.table.best is None:
            return
        table, chosen = search.table, search.table.best
        if complete:
            cells = counted(table.means.size, tr("setting"))
            best = tr("Best of {cells}: {cell}.", cells=cells, cell=place_words(table, chosen))
            simpler = ""
            if table.simplest is not None and table.simplest != chosen:
                words = place_words(table, table.simplest)
                simpler = tr("{cell} is simpler and within one standard error of it.", cell=words)
            self._session.tell(Notice("ok", best, simpler))
        else:
            done = tr("{progress} are kept.", progress=progress_words(table))
            self._session.tell(Notice("info", tr("The search was stopped."), done + tr(" Go on whenever you like.")))
