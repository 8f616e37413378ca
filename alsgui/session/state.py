"""`State`: everything that the window shows, as one frozen value that is replaced whole.

Fields are compared by identity: a field has changed when it is another object. Nothing here is heavy to import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol

from alsgui.core.solvers.config import Config, ObservedConfig
from alsgui.session.records import Records, best_of
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.baselines import Baselines, PopularityFigures
    from alsgui.core.embedding import Embedding
    from alsgui.core.experiments import Findings
    from alsgui.core.fold_table import Place
    from alsgui.core.model import EpochRecord, Model
    from alsgui.core.predictor import Predictor
    from alsgui.core.ratings import Floats, Ratings
    from alsgui.core.recommend import Filters
    from alsgui.core.search import SearchTable
    from alsgui.core.solvers.factors import Factors, Side
    from alsgui.core.split import Split
    from alsgui.core.starts_study import StartsStudy
    from alsgui.core.trials import GuidedTable
    from alsgui.io.looked import Look
    from alsgui.io.reading import ReadReport
    from alsgui.io.recent import RecentFile


class Predicts(Protocol):
    """A step of a fit, or a model."""

    @property
    def predictor(self) -> Predictor:
        """Predictions of its factors."""
        ...


Phase = Literal["empty", "data", "fitting", "model"]
PersonKind = Literal["user", "mean", "blend", "nearest", "sliders", "rated"]
NearBy = Literal["traits", "ratings", "factors"]
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
    swapped
        Whether users and movies changed places after they were read.
    passing
        Whether it is gone when the program ends, as a table from the clipboard is.
    """

    kind: Literal["file", "sample", "generated", "model"]
    what: str
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    swapped: bool = False
    passing: bool = False


@dataclass(frozen=True, eq=False)
class Data:
    """Open ratings, what was read, and where they came from.

    Parameters
    ----------
    ratings, source, report
        Those.
    before_swap
        What users and movies changed places in; a second swap brings it back, titles and all.
    before_holdout
        The same without the ratings that a file of hold-out ratings added.
    """

    ratings: Ratings
    source: Source
    report: ReadReport | None = None
    before_swap: Data | None = None
    before_holdout: Data | None = None


@dataclass(frozen=True, eq=False)
class Importing:
    """A file that is looked at before it is read.

    Parameters
    ----------
    path
        File, folder or address.
    given
        Options that the person set, by name; the rest is detected.
    look
        What was understood; None until the first look is done.
    looking
        Whether a look at other settings is going on.
    pasted
        Whether it is a table from the clipboard.
    """

    path: str
    given: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    look: Look | None = None
    looking: bool = True
    pasted: bool = False

    @property
    def name(self) -> str:
        """What it is called on screen."""
        return tr("table from the clipboard") if self.pasted else PurePath(self.path).name or self.path


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
    history: Sequence[EpochRecord] = ()
    model: Model | None = None
    acts: tuple[Config, ...] = ()
    title: str = ""
    starred: bool = False

    @property
    def name(self) -> str:
        """Run 4, or what a person calls it."""
        return self.title or tr("Run {n}", n=self.number)

    @cached_property
    def best(self) -> EpochRecord | None:
        """Epoch with the lowest hold-out RMSE, or the highest NDCG; None without a hold-out."""
        return self.history.best if isinstance(self.history, Records) else best_of(self.history)


@dataclass(frozen=True, eq=False)
class Live:
    """Factors of the fit that is going on, newest complete half-step.

    `told` knows their predictions, and makes them when they are first asked for: most half-steps are never shown.
    """

    run: int
    epoch: int
    side: Side
    factors: Factors
    told: Predicts

    @property
    def predictor(self) -> Predictor:
        """Predictions of the factors."""
        return self.told.predictor


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
        An existing user (the selected one), the mean user, a blend of users, the nearest user by characteristics,
        weights set by sliders, or somebody who rated a few movies.
    weights, bias
        For sliders: u of the person (K) and their bias, in stars.
    users, shares
        For a blend: rows of users and their shares, which sum to 1. For a mean: rows of the users it is taken over;
        none are all.
    about
        Of whom a mean is, or what a nearest user was asked by, in words that can follow "of"; empty for all.
    near_by, traits, trait_weights, mixed
        For the nearest user: by what they are near; characteristic -> value as typed, and -> weight where it is not 1;
        whether the mean of the nearest, weighted by similarity, is taken instead of the nearest one.
    rated, skipped
        For somebody who rated: column of a movie -> stars, in the order in which they were given; and movies that they
        did not want to rate.
    origin
        For a "what if": the row of the user whose ratings were changed.
    user
        For an existing user who is kept: their row; None is whoever is selected.
    name
        What they are called once they are kept.
    """

    kind: PersonKind = "user"
    weights: Floats | None = None
    bias: float = 0.0
    users: tuple[int, ...] = ()
    shares: tuple[float, ...] = ()
    about: str = ""
    traits: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    trait_weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    near_by: NearBy = "traits"
    mixed: bool = False
    rated: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    skipped: frozenset[int] = frozenset()
    origin: int | None = None
    user: int | None = None
    name: str = ""


MovieKind = Literal["existing", "genre", "rated"]


@dataclass(frozen=True, eq=False)
class MovieChoice:
    """For which movie users are listed, on the movie's side of Recommend.

    Parameters
    ----------
    kind
        The selected movie, a new one as the mean of a genre, or a new one that a few users rated.
    genre
        Of the mean.
    rated
        Row of a user -> stars, for the one that is rated.
    """

    kind: MovieKind = "existing"
    genre: str = ""
    rated: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, eq=False)
class People:
    """The persons beside the one whose list is shown.

    Parameters
    ----------
    kept
        Those with a name, in the order of keeping.
    past, future
        The persons before the last changes, newest last, and those that were undone.
    compared
        Whom the list is compared with; None for nobody.
    gesture
        What the last change was part of: changes of one gesture are undone as one.
    """

    kept: tuple[PersonChoice, ...] = ()
    past: tuple[PersonChoice, ...] = ()
    future: tuple[PersonChoice, ...] = ()
    compared: PersonChoice | None = None
    gesture: str = ""


@dataclass(frozen=True, eq=False)
class Search:
    """A search for settings on the open ratings, complete or not.

    Parameters
    ----------
    table
        What is known so far, of a grid or of guided trials.
    split
        The ratings whose training part is folded.
    chosen
        The cell or trial that a person looks at; None looks at the best.
    """

    table: SearchTable | GuidedTable
    split: Split
    chosen: Place | None = None

    @property
    def cell(self) -> Place | None:
        """The cell or trial that is looked at."""
        return self.table.best if self.chosen is None else self.chosen


@dataclass(frozen=True)
class Job:
    """The heavy job in the status bar.

    Parameters
    ----------
    kind
        "import", "fit", "search", "study", "experiment" or "export".
    name, detail
        "Run 4", "epoch 31 of 50".
    done
        Share that is done, 0 to 1; None where it is not known.
    seconds_left
        None where it is not known.
    paused
        Whether it waits for the person.
    """

    kind: Literal["import", "fit", "search", "study", "experiment", "export"]
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
    starts: StartsStudy | None = None
    embedding: Embedding | None = None
    live: Live | None = None
    runs: tuple[Run, ...] = ()
    selection: Selection = field(default_factory=Selection)
    person: PersonChoice = field(default_factory=PersonChoice)
    people: People = field(default_factory=People)
    side: Literal["person", "movie"] = "person"
    movie: MovieChoice = field(default_factory=MovieChoice)
    filters: Filters | None = None
    search: Search | None = None
    experiment: str = ""
    findings: Findings | None = None
    job: Job | None = None
    notice: Notice | None = None
    page: str = "data"
    recent: tuple[RecentFile, ...] = ()
    importing: Importing | None = None

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
