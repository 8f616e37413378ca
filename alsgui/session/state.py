"""`State`: everything that the window shows, as one frozen value that is replaced whole.

Fields are compared by identity: a field has changed when it is another object. Nothing here is heavy to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from alsgui.core.solvers.config import Config, ObservedConfig
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.baselines import Baselines, PopularityFigures
    from alsgui.core.experiments import Findings
    from alsgui.core.model import EpochRecord, Model
    from alsgui.core.predictor import Predictor
    from alsgui.core.ratings import Floats, Ratings
    from alsgui.core.recommend import Filters
    from alsgui.core.search import Cell, SearchTable
    from alsgui.core.solvers.factors import Factors, Side
    from alsgui.core.split import Split
    from alsgui.io.reading import ReadReport
    from alsgui.io.recent import RecentFile

Phase = Literal["empty", "data", "fitting", "model"]
PersonKind = Literal["user", "mean", "sliders"]
NoticeKind = Literal["info", "warning", "error", "ok"]


@dataclass(frozen=True)
class Source:
    """Where ratings came from, so that they can be had again.

    Parameters
    ----------
    kind
        "file", "sample", "generated" or "model".
    what
        Path, name of the sample, or kind of generated ratings.
    settings
        What else was asked for.
    """

    kind: Literal["file", "sample", "generated", "model"]
    what: str
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, eq=False)
class Data:
    """Open ratings, what was read, and where they came from."""

    ratings: Ratings
    source: Source
    report: ReadReport | None = None


@dataclass(frozen=True, eq=False)
class Run:
    """One fit: its settings, its curve, and its model once it has ended.

    Parameters
    ----------
    number
        1, 2, ... in order of starting.
    config
        Settings, resolved.
    split
        The ratings it learnt from.
    source
        Where they came from.
    history
        Figures of its epochs so far.
    model
        None while it learns.
    acts
        The settings of every start: the first, and one for each time it went on. They make the run again.
    title
        What a person calls it; empty for its number.
    starred
        Whether it was marked.
    """

    number: int
    config: Config
    split: Split
    source: Source
    history: tuple[EpochRecord, ...] = ()
    model: Model | None = None
    acts: tuple[Config, ...] = ()
    title: str = ""
    starred: bool = False

    @property
    def name(self) -> str:
        """Run 4, or what a person calls it."""
        return self.title or tr("Run {n}", n=self.number)

    @property
    def best(self) -> EpochRecord | None:
        """Epoch with the lowest hold-out RMSE, or the highest NDCG; None without a hold-out."""
        listed = [(record.ndcg_holdout, record) for record in self.history if record.ndcg_holdout is not None]
        if listed:
            return max(listed, key=lambda pair: pair[0])[1]
        judged = [record for record in self.history if record.rmse_holdout == record.rmse_holdout]
        return min(judged, key=lambda record: record.rmse_holdout, default=None)


@dataclass(frozen=True, eq=False)
class Live:
    """Factors of the fit that is going on, newest complete half-step."""

    run: int
    epoch: int
    side: Side
    factors: Factors
    predictor: Predictor


@dataclass(frozen=True)
class Selection:
    """The user (row) and the movie (column) selected on every page."""

    user: int | None = None
    movie: int | None = None


@dataclass(frozen=True, eq=False)
class PersonChoice:
    """Who the list is for.

    Parameters
    ----------
    kind
        An existing user (the selected one), the mean user, or weights set by sliders.
    weights, bias
        For sliders: u of the person (K) and their bias, in stars.
    """

    kind: PersonKind = "user"
    weights: Floats | None = None
    bias: float = 0.0


@dataclass(frozen=True, eq=False)
class Search:
    """A search for settings on the open ratings, complete or not.

    Parameters
    ----------
    table
        What is known so far.
    split
        The ratings whose training part is folded.
    chosen
        The cell that a person looks at; None looks at the best.
    """

    table: SearchTable
    split: Split
    chosen: Cell | None = None

    @property
    def cell(self) -> Cell | None:
        """The cell that is looked at."""
        return self.table.best if self.chosen is None else self.chosen


@dataclass(frozen=True)
class Job:
    """The heavy job in the status bar.

    Parameters
    ----------
    kind
        "import", "fit", "search", "experiment" or "export".
    name, detail
        "Run 4", "epoch 31 of 50".
    done
        Share that is done, 0 to 1; None where it is not known.
    seconds_left
        None where it is not known.
    paused
        Whether it waits for the person.
    """

    kind: Literal["import", "fit", "search", "experiment", "export"]
    name: str
    detail: str = ""
    done: float | None = None
    seconds_left: float | None = None
    paused: bool = False


@dataclass(frozen=True)
class Notice:
    """A sentence under the page header.

    Parameters
    ----------
    kind
        What it is: info, warning, error, ok.
    text, hint
        What happened, and what to do.
    details
        More lines, folded away.
    action
        Id of the action that mends it, from the action table; empty for none.
    """

    kind: NoticeKind
    text: str
    hint: str = ""
    details: tuple[str, ...] = ()
    action: str = ""


@dataclass(frozen=True, eq=False)
class State:
    """All that the window shows."""

    data: Data | None = None
    split: Split | None = None
    baselines: Baselines | None = None
    popularity: PopularityFigures | None = None
    config: Config = field(default_factory=ObservedConfig)
    model: Model | None = None
    live: Live | None = None
    runs: tuple[Run, ...] = ()
    selection: Selection = field(default_factory=Selection)
    person: PersonChoice = field(default_factory=PersonChoice)
    filters: Filters | None = None
    search: Search | None = None
    experiment: str = ""
    findings: Findings | None = None
    job: Job | None = None
    notice: Notice | None = None
    page: str = "data"
    recent: tuple[RecentFile, ...] = ()

    @property
    def phase(self) -> Phase:
        """What can be done: nothing is open; ratings are; a fit goes on; a model is there."""
        if self.job is not None and self.job.kind == "fit":
            return "fitting"
        if self.model is not None:
            return "model"
        return "data" if self.data is not None else "empty"

    @property
    def ratings(self) -> Ratings | None:
        """The open ratings."""
        return None if self.data is None else self.data.ratings

    @property
    def current_run(self) -> Run | None:
        """The run that learns, else the one whose model is shown."""
        if self.live is not None:
            return next((run for run in self.runs if run.number == self.live.run), None)
        if self.phase == "fitting" and self.runs:
            return self.runs[-1]
        return next((run for run in self.runs if run.model is not None and run.model is self.model), None)
