"""`Session`: the one state and what a person can do with it. Pages render the state; gestures call verbs.

A verb replaces the state whole and then emits `changed(field)` once for every field that is another object, so that no
view sees half an update.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from alsgui.core.errors import AlsguiError
from alsgui.jobs.allowance import ASIDE, CLOSELY
from alsgui.jobs.light import LightWork
from alsgui.jobs.runner import Cancelled, Finished, Outcome, Runner, Step, Work
from alsgui.session import exporting
from alsgui.session.experimenting import ExperimentVerbs
from alsgui.session.fit_verbs import FitVerbs
from alsgui.session.importing import ImportVerbs
from alsgui.session.movie_verbs import MovieVerbs
from alsgui.session.opening import Opened, opening_work
from alsgui.session.person_verbs import PersonVerbs
from alsgui.session.run_verbs import RunVerbs
from alsgui.session.searching import SearchVerbs
from alsgui.session.shelf import Shelf
from alsgui.session.split_verbs import SplitVerbs
from alsgui.session.state import Job, MovieChoice, Notice, People, PersonChoice, PersonKind, Selection, Source, State
from alsgui.session.study_verbs import StudyVerbs
from alsgui.session.view_verbs import ViewVerbs
from alsgui.text import counted, tr

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.core.ratings import Floats, Ints
    from alsgui.core.recommend import Filters, RecommendationList
    from alsgui.io.reading import ReadReport

Steps = list[Step]
StepsTaker = Callable[[Steps], None]

FIELDS = tuple(field.name for field in fields(State))


class Session(QObject):
    """State and verbs.

    Signals
    -------
    changed : str
        Name of a field of `State` that is another object now.
    failed : Exception
        A bug met in a job: the window shows a report.

    Attributes
    ----------
    state : State
        Replaced whole by every verb.
    light : LightWork
        Where pages have tiles, lists and explanations computed.
    slow : LightWork
        Where they have computed what takes longer than a gesture can wait, such as how sure a list is.
    fitting : FitVerbs
        The verbs of fitting.
    importing : ImportVerbs
        The verbs of a file that is looked at before it is read.
    views : ViewVerbs
        The verbs of looking at attributes.
    persons : PersonVerbs
        The verbs of the person whose list is shown.
    searching : SearchVerbs
        The verbs of the search for settings.
    studies : StudyVerbs
        The verbs of studies.
    movies : MovieVerbs
        The verbs of the movie's side: for which movie users are listed.
    keeping : RunVerbs
        The verbs of runs that have ended.
    experimenting : ExperimentVerbs
        The verbs of the experiments.
    splitting : SplitVerbs
        The verbs of what is kept aside.
    shelf : Shelf
        Which runs have their factors on disk.
    """

    changed = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State()
        self.light, self.slow = LightWork(self), LightWork(self)
        self.runner = Runner(self)
        self.runner.spent_elsewhere = lambda: self.light.spent + self.slow.spent
        self.runner.terms = lambda: CLOSELY if self.state.page == "train" else ASIDE
        self.runner.stepped.connect(self._stepped)
        self.runner.ended.connect(self._ended)
        self.fitting = FitVerbs(self)
        self.importing = ImportVerbs(self)
        self.views = ViewVerbs(self)
        self.persons = PersonVerbs(self)
        self.searching = SearchVerbs(self)
        self.studies = StudyVerbs(self)
        self.movies = MovieVerbs(self)
        self.keeping = RunVerbs(self)
        self.experimenting = ExperimentVerbs(self)
        self.splitting = SplitVerbs(self)
        self.shelf = Shelf(self)
        self._on_steps: StepsTaker = lambda steps: None
        self._on_result: Callable[[Any], None] = lambda result: None
        self._next: Callable[[], None] | None = None
        self._silent = False

    def put(self, **values: Any) -> None:
        """Replace fields of the state and say which changed. Verbs call it; pages do not."""
        with self.together():
            self.state = replace(self.state, **values)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Tell all changes inside as one, at the end: a view sees all of them or none."""
        if self._silent:
            yield
            return
        before, self._silent = self.state, True
        try:
            yield
        finally:
            self._silent = False
            for name in FIELDS:
                if getattr(before, name) is not getattr(self.state, name):
                    self.changed.emit(name)

    # Opening

    def open_path(self, path: str | Path, **options: Any) -> None:
        """Read a file or folder of ratings with these options, the rest detected; or open a model file."""
        self.open_source(Source("file", str(Path(path)), options))

    def open_sample(self, name: str = "ml-latest-small") -> None:
        """Open a sample that comes with the program."""
        self.open_source(Source("sample", name))

    def generate(self, kind: str = "chapter", **settings: Any) -> None:
        """Make up ratings; the chapter's example also sets K = 2 and the text-book's algorithm."""
        self.open_source(Source("generated", kind, settings))

    def open_source(self, source: Source) -> None:
        """Have the ratings of `source`; a fit that is going on ends first and keeps its last epoch."""
        name = tr("Making up ratings") if source.kind == "generated" else tr("Reading {f}", f=Path(source.what).name)
        work = opening_work(source)
        self.after_current(lambda: self.start_job(Job("import", name), work, self.take_opening_steps, self.take_opened))

    def take_opening_steps(self, steps: Steps) -> None:
        """Show how far opening is."""
        told = dict(steps).get("progress")
        if told is not None and self.state.job is not None:
            done, sentence = told
            self.put(job=replace(self.state.job, done=done, detail=sentence))

    def take_opened(self, opened: Opened) -> None:
        """Show what was opened in place of what was."""
        data, model = opened.data, opened.model
        source = data.source if data is not None else None
        self.light.forget()
        self.slow.forget()
        self.put(
            data=data,
            split=opened.split,
            model=model,
            starts=None,
            embedding=None,
            baselines=None,
            popularity=None,
            live=None,
            config=self.fitting.usual_config(data, model),
            selection=Selection(0, 0),
            person=PersonChoice(),
            people=People() if model is None else _kept_with(model),
            movie=MovieChoice(),
            filters=self.fitting.usual_filters(source, _movie_counts(opened)),
            notice=_opening_notice(opened),
            page="data" if data is not None else "recommend",
            importing=None,
            recent=self.state.recent if opened.recent is None else opened.recent,
            search=None,
            findings=None,
            experiment="",
        )
        self.searching.look_for_unfinished()

    def load_recent(self) -> None:
        """Read the list of recent files."""

        from alsgui.io.recent import load_recent

        self.light.request("recent", load_recent, lambda recent: self.put(recent=recent))

    # Looking

    def show_page(self, page: str) -> None:
        """Show another page."""
        self.put(page=page)

    def select_user(self, row: int | None) -> None:
        """Select a user on every page; on Recommend the list is theirs."""
        if row != self.state.selection.user:
            self.put(selection=replace(self.state.selection, user=row))

    def select_movie(self, column: int | None) -> None:
        """Select a movie on every page."""
        if column != self.state.selection.movie:
            self.put(selection=replace(self.state.selection, movie=column))

    def select_cell(self, row: int, column: int) -> None:
        """Select a user and a movie at once."""
        if Selection(row, column) != self.state.selection:
            self.put(selection=Selection(row, column))

    def choose_person(self, kind: PersonKind) -> None:
        """Make the list for the selected user, the mean user, or somebody made up; see `persons`."""
        self.persons.choose(kind)

    def set_weights(self, weights: Floats, bias: float | None = None) -> None:
        """Move the sliders."""
        self.persons.set_weights(weights, bias)

    def set_filters(self, **values: Any) -> None:
        """Change what the list leaves out: hide_seen, at_least, text."""
        from alsgui.core.recommend import Filters

        self.put(filters=replace(self.state.filters or Filters(), **values))

    @property
    def filters(self) -> Filters:
        """What the list leaves out."""
        from alsgui.core.recommend import Filters

        return self.state.filters or Filters()

    def tell(self, notice: Notice) -> None:
        """Show a sentence under the page header."""
        self.put(notice=notice)

    def dismiss_notice(self) -> None:
        """Take the sentence away."""
        self.put(notice=None)

    # Exporting

    def export_factors(self, folder: str | Path, formats: tuple[str, ...], orientation: str | None) -> None:
        """Write u, m, biases and ids."""
        self.export(exporting.factors_work(self.state.model, folder, formats, orientation))

    def export_predictions(
        self, path: str | Path, format: str = "csv", users: range | None = None, movies: range | None = None
    ) -> None:
        """Write r or a block of it."""
        self.export(exporting.predictions_work(self.state.model, path, format, users, movies))

    def export_list(self, path: str | Path, listed: RecommendationList) -> None:
        """Write a list of recommendations."""
        noun = self.state.model.noun if self.state.model is not None else tr("movie")
        self.export(exporting.list_work(listed, path, noun))

    def export_rejected(self, path: str | Path, report: ReadReport) -> None:
        """Write the rows that a read rejected."""
        self.export(exporting.rejected_work(report, path))

    def export_everyone(self, path: str | Path, filters: Filters) -> None:
        """Write the lists of all users."""
        work = exporting.everyone_work(self.state.model, path, filters)
        self.start_job(Job("export", tr("Lists for everyone")), work, self.take_opening_steps, self._exported)

    def save_model(self, path: str | Path, with_ratings: bool = True) -> None:
        """Write the model with or without its ratings, and the persons that are kept."""
        self.export(exporting.model_work(self.state.model, path, with_ratings, self.state.people.kept))

    def export(self, work: Work) -> None:
        """Start a job that writes files and returns their paths."""
        self.start_job(Job("export", tr("Exporting")), work, lambda steps: None, self._exported)

    def _exported(self, paths: list[Path]) -> None:
        folder = str(paths[0].parent)
        names = tuple(path.name for path in paths)
        self.tell(
            Notice("ok", tr("{n} exported to {folder}.", n=counted(len(paths), "file"), folder=folder), details=names)
        )

    # Jobs

    def start_job(
        self,
        job: Job,
        work: Work,
        on_steps: StepsTaker,
        on_result: Callable[[Any], None],
        paused_after: str | None = None,
    ) -> bool:
        """Start a heavy job, unless one is going on; says so and returns False then."""
        if self.runner.busy:
            going_on = self.state.job.name if self.state.job else tr("A job")
            self.tell(
                Notice("info", tr("{name} is not finished yet.", name=going_on), tr("Wait for it, or cancel it."))
            )
            return False
        self._on_steps, self._on_result = on_steps, on_result
        self.runner.start(work, paused_after=paused_after)
        self.put(job=job, notice=None)
        return True

    def after_current(self, start: Callable[[], Any]) -> None:
        """Start a job once the current one, which is cancelled, has ended; at once when there is none."""
        if not self.runner.busy:
            start()
            return
        self._next = start
        self.runner.cancel()

    def cancel(self) -> None:
        """End the heavy job at once; a fit keeps its last complete half-step."""
        self.runner.cancel()

    def close(self) -> bool:
        """End everything, bounded; whether all threads ended."""
        self._next = None
        self.runner.cancel()
        ended = self.runner.finish()
        self.light.close()
        self.slow.close()
        self.shelf.close()
        return ended

    @Slot(object)
    def _stepped(self, steps: Steps) -> None:
        with self.together():
            self._on_steps(steps)

    @Slot(object)
    def _ended(self, outcome: Outcome) -> None:
        with self.together():
            self._take(outcome)
        start, self._next = self._next, None
        if start is not None:
            start()

    def _take(self, outcome: Outcome) -> None:
        name = self.state.job.name if self.state.job else ""
        self.put(job=None)
        if isinstance(outcome, Finished):
            self._on_result(outcome.result)
            return
        self.fitting.abandoned()
        if isinstance(outcome, Cancelled):
            self.tell(Notice("info", tr("{name} was cancelled. Nothing changed.", name=name)))
        else:
            self._tell_error(outcome.error)

    def _tell_error(self, error: Exception) -> None:
        if isinstance(error, AlsguiError):
            problems = tuple(str(problem) for problem in getattr(error, "problems", ()))
            self.tell(Notice("error", error.message, error.hint, problems))
        else:
            self.failed.emit(error)


def _movie_counts(opened: Opened) -> Ints | None:
    """Ratings of each movie that lists are made of."""
    if opened.model is not None:
        return opened.model.summary.movie_counts
    return None if opened.split is None else opened.split.training.movie_counts


def _kept_with(model: Model) -> People:
    """The persons that were saved with a model."""
    from alsgui.session.kept_people import from_plain

    return People(from_plain(model))


def _opening_notice(opened: Opened) -> Notice | None:
    report = opened.data.report if opened.data is not None else None
    if report is None or not report.n_rejected:
        return None
    return Notice(
        "warning",
        tr("{rows} rejected.", rows=counted(report.n_rejected, "row")),
        details=tuple(str(problem) for problem in report.rejected),
    )
