"""The verbs of the search for settings: start, pause, go on, stop, look at a cell, make it the model."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alsgui.core.errors import Interrupted
from alsgui.session.fitting import KERNELS
from alsgui.session.state import Job, Notice, Search
from alsgui.text import MINUS, count, counted, tr

if TYPE_CHECKING:
    from alsgui.core.brake import Brake
    from alsgui.core.search import Cell, Grid, Score, SearchTable
    from alsgui.core.solvers.config import Config
    from alsgui.core.split import Split
    from alsgui.jobs.runner import Emitter
    from alsgui.session.session import Session

SCORE = "score"


def search_work(table: SearchTable, split: Split) -> Callable[[Emitter, Brake], bool]:
    """The job of a search: writes each fit to its file and emits it as the point "score"; whether it got to its end."""

    def work(out: Emitter, brake: Brake) -> bool:
        from alsgui.core.search import run_search
        from alsgui.io.search_file import SearchFile, search_path

        if not KERNELS.ready(begin=False):
            KERNELS.wait(out, brake)
        file = SearchFile.begin(search_path(split.ratings.fingerprint), table.grid, split, table.scores())

        def report(score: Score) -> None:
            file.append(score)
            out.point(SCORE, score)

        try:
            run_search(table.grid, split, report, brake, known=table, pause=lambda: out.latest("tick", None))
        except Interrupted:
            return False
        return True

    return work


ROW_LETTERS = {"k": "K", "lambda_power": "p", "lambda_bias": "λᵦ"}


def value_words(value: float) -> str:
    """A value of a setting as short as it can be read."""
    return f"{value:.4g}".replace("e-0", "e-").replace("-", MINUS)


def cell_words(grid: Grid, cell: Cell) -> str:
    """K = 32, λ = 0.12."""
    row_value, ridge = grid.row_values[cell[0]], grid.lambdas[cell[1]]
    return f"{ROW_LETTERS[grid.row_setting]} = {value_words(row_value)}, λ = {value_words(ridge)}"


class SearchVerbs:
    """What a person can do with a search. `Session.searching` is the one instance."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def usual_grid(self, row_setting: str = "k") -> Grid | None:
        """A grid around the settings on Train; None without ratings."""
        from alsgui.core.search import usual_grid

        state = self._session.state
        return None if state.split is None else usual_grid(state.config, state.split, row_setting=row_setting)

    def start(self, grid: Grid | None = None) -> None:
        """Search the grid (by default the usual one) on the training ratings.

        Raises
        ------
        ConfigError
            When the settings on Train cannot be searched so.
        """
        from alsgui.core.search import SearchTable

        split, wanted = self._session.state.split, grid or self.usual_grid()
        if split is not None and wanted is not None:
            self._run(Search(SearchTable.empty(wanted), split))

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

    def choose(self, cell: Cell | None) -> None:
        """Look at a cell; None looks at the best."""
        search = self._session.state.search
        if search is not None and search.chosen != cell:
            self._session.put(search=replace(search, chosen=cell))

    def make_model(self, cell: Cell | None = None) -> None:
        """Fit with the settings of a cell (by default the one that is looked at) on all training ratings."""
        search = self._session.state.search
        wanted = cell if cell is not None or search is None else search.cell
        if search is not None and wanted is not None and not self._session.runner.busy:
            with self._session.together():
                self._session.put(config=self.config_at(search, wanted))
                self._session.fitting.fit()

    def config_at(self, search: Search, cell: Cell) -> Config:
        """The settings of a cell, as a fit of its own has them."""
        return search.table.grid.config_at(cell)

    def look_for_unfinished(self) -> None:
        """Have the search on these training ratings, if there was one; its file says how far it came."""
        split = self._session.state.split
        if split is None:
            return

        def read() -> SearchTable | None:
            from alsgui.io.search_file import read_search, search_path

            return read_search(search_path(split.ratings.fingerprint), split)

        def take(table: SearchTable | None) -> None:
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
        job = Job("search", tr("Search"), tr("preparing"), self._share(search.table))
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
        detail = tr("{n} of {all} fits", n=count(table.n_fits), all=count(table.errors.size))
        from alsgui.core.solvers.blocks import cores

        left = table.seconds_left(cores())
        job = replace(state.job, detail=detail, done=self._share(table), seconds_left=left)
        self._session.put(search=replace(state.search, table=table), job=job)

    def _ended(self, complete: bool) -> None:
        search = self._session.state.search
        if search is None or search.table.best is None:
            return
        table, chosen = search.table, search.table.best
        if complete:
            cells = counted(table.grid.n_cells, tr("setting"))
            best = tr("Best of {cells}: {cell}.", cells=cells, cell=cell_words(table.grid, chosen))
            simpler = ""
            if table.simplest is not None and table.simplest != chosen:
                words = cell_words(table.grid, table.simplest)
                simpler = tr("{cell} is simpler and within one standard error of it.", cell=words)
            self._session.tell(Notice("ok", best, simpler))
        else:
            done = tr("{n} of {all} fits are kept.", n=count(table.n_fits), all=count(table.errors.size))
            self._session.tell(Notice("info", tr("The search was stopped."), done + tr(" Go on whenever you like.")))

    @staticmethod
    def _share(table: SearchTable) -> float:
        return table.n_fits / table.errors.size
