"""The Recommend page: what would this person like, and why?"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from alsgui import text
from alsgui.core.model import Model
from alsgui.core.ratings import Floats, Ints
from alsgui.core.recommend import RecommendationList
from alsgui.session.fitting import GOING_ON
from alsgui.session.session import Session
from alsgui.session.state import PersonChoice, State
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.actions import BY_ID
from alsgui.ui.pages.base import Page
from alsgui.ui.pages.recommend.asked import next_movie
from alsgui.ui.pages.recommend.columns import Sureness
from alsgui.ui.pages.recommend.explained import Explained, explained, shows_as_stars
from alsgui.ui.pages.recommend.list import ListPanel
from alsgui.ui.pages.recommend.mirror import Mirror
from alsgui.ui.pages.recommend.person import PersonPanel
from alsgui.ui.pages.recommend.ranking import Ranked, rank, sureness, what_if_refusal
from alsgui.ui.pages.recommend.traits import KnownOfUsers, known_of_users
from alsgui.ui.pages.recommend.weights import population
from alsgui.ui.pages.recommend.why import WhyPanel
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.empty import EmptyState
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment

WIDE_WINDOW = 1500
"""From this width of the window there is room for more columns and for similar movies."""


class RecommendPage(Page):
    """Person at the left, ranked list in the middle, why in the inspector."""

    key = "recommend"

    def __init__(self, session: Session) -> None:
        self.person, self.mirror = PersonPanel(), Mirror(session)
        self.side = Segment([("person", tr("Person")), ("movie", tr("Movie"))], tr("For whom or what"))
        super().__init__(session, tr("Recommend"), left_panel=self._make_left())
        self._ranked: Ranked | None = None
        self._model: Model | None = None
        self._person_shown: tuple[str, int | None] | None = None
        self._movie_seen: int | None = None
        self._is_first = True
        self._wide = self._careful = False
        self.list = ListPanel()
        self.why = WhyPanel()
        self._whys = QStackedWidget()
        self._whys.addWidget(self.why)
        self._whys.addWidget(self.mirror.why)
        self.inspector = self._whys
        self.side.chosen.connect(session.movies.show_side)
        self.everyone = button(tr("Everyone..."), "users-three", "ghost", BY_ID["everyone"].tip)
        self.everyone.clicked.connect(lambda: self.action_wanted.emit("everyone"))
        self.header.addWidget(self.everyone)
        self.export = button(tr("Export list"), "export", tip=BY_ID["export_list"].tip)
        self.export.clicked.connect(lambda: self.action_wanted.emit("export_list"))
        self.header.addWidget(self.export)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.mirror.list, 1)
        for widget in (self.mirror.panel, self.mirror.list):
            widget.hide()  # both sides at once would ask for a wider window
        self.body.addWidget(self._make_empty(), 1)
        self._connect()

    def _connect(self) -> None:
        self._connect_person()
        self.list.filters_wanted.connect(lambda values: self.session.set_filters(**values))
        self.list.movie_chosen.connect(self.session.select_movie)
        self.list.sureness_wanted.connect(self._request_sureness)
        self.list.alone_wanted.connect(lambda: self.session.persons.compare(None))
        self.list.bar.careful_wanted.connect(self._order_carefully)
        self.why.movie_chosen.connect(self.session.select_movie)
        self.why.what_if_wanted.connect(self.session.persons.what_if)
        self.why.similar_wanted.connect(lambda: self.action_wanted.emit("similar_movies"))
        self.why.factors_wanted.connect(lambda: self.session.show_page("factors"))

    def _connect_person(self) -> None:
        panel, verbs = self.person, self.session.persons
        panel.kind_chosen.connect(verbs.choose)
        panel.user_chosen.connect(self._choose_user)
        panel.browse_wanted.connect(lambda: self.action_wanted.emit("browse_users"))
        panel.weights.moved.connect(self._move_weights)
        panel.weights.mean_wanted.connect(self._reset_weights)
        panel.weights.draw_wanted.connect(verbs.draw)
        panel.mean.wanted.connect(verbs.mean_of)
        panel.blend.share_moved.connect(verbs.set_share)
        panel.blend.added.connect(verbs.add_to_blend)
        panel.blend.removed.connect(verbs.remove_from_blend)
        panel.nearest.near_by_chosen.connect(verbs.near_by)
        panel.nearest.trait_given.connect(verbs.set_trait)
        panel.nearest.weight_given.connect(verbs.set_trait_weight)
        panel.nearest.mixed_chosen.connect(verbs.mix_nearest)
        panel.nearest.user_chosen.connect(self.session.select_user)
        panel.rating.rated.connect(verbs.rate)
        panel.rating.skipped.connect(verbs.skip)
        panel.rating.chosen.connect(self.session.select_movie)
        panel.rated.chosen.connect(self.session.select_movie)
        keeping = panel.keeping
        keeping.keep_wanted.connect(verbs.keep)
        keeping.open_wanted.connect(verbs.open)
        keeping.remove_wanted.connect(verbs.remove)
        keeping.duplicate_wanted.connect(verbs.duplicate)
        keeping.undo_wanted.connect(verbs.undo)
        keeping.redo_wanted.connect(verbs.redo)
        keeping.compare_wanted.connect(self._compare)

    def current_list(self) -> RecommendationList | None:
        """The list for the person and the filters of the state; None without a model or a person."""
        state = self.session.state
        if state.model is None:
            return None
        made = self._ranked
        if made is None or not self._is_current(made, state):
            made = rank(state, self.session.filters, careful=self._careful)
        return made.listed

    # Showing

    def show_state(self, state: State, changed: set[str]) -> None:
        """Show the person, and ask for their list."""
        model = state.model
        self._show_room(state)
        if model is None:
            self._forget()
            return
        if model is not self._model:
            self._begin(model)
            changed = changed | {"model"}
        if "theme" in changed:
            self._spread(force=True)
        self._show_title(state)
        if state.side == "movie":
            self.mirror.show_state(state, changed)
        elif changed & {"model", "person", "filters", "side"} or self._user_matters(state, changed):
            self._request(state)
        elif "people" in changed:
            self._show_keeping(state)
            if self._ranked is not None and self._ranked.compared is not state.people.compared:
                self._request(state)
        elif "selection" in changed:
            self.list.select(state.selection.movie)
            self._explain(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give more columns to a wide window."""
        super().resizeEvent(event)
        self._spread()

    def _user_matters(self, state: State, changed: set[str]) -> bool:
        shown = self._ranked
        return "selection" in changed and (
            shown is None or (_follows_selection(state.person) and shown.user != state.selection.user)
        )

    def _begin(self, model: Model) -> None:
        """Another model: its sliders, and no list until it is ranked; the next epoch of one changes what is there."""
        before, self._model = self._model, model
        goes_on = before is not None and _goes_on_from(before, model)
        if goes_on and model.stopped == GOING_ON:
            return  # sliders keep their ranges and their order until the fit has ended
        self.session.light.request("recommend.weights", lambda: population(model), self.person.weights.show_population)
        if goes_on:
            return
        self._ranked = self._person_shown = None
        self.person.weights.show_population(None)
        self.session.light.request("recommend.traits", lambda: known_of_users(model), self._show_known)

    @Slot(object)
    def _show_known(self, known: KnownOfUsers) -> None:
        self.person.mean.show_groups(known.groups)
        self.person.nearest.show_form(known.traits)

    def _forget(self) -> None:
        self._model = self._ranked = self._person_shown = None
        self.session.light.forget("recommend.")
        self.session.slow.forget("recommend.")
        self.why.show_nothing()
        self.mirror.made = None

    def _show_room(self, state: State) -> None:
        """Page or empty state, and what can be pressed."""
        ready = state.model is not None
        movie_side = state.side == "movie"
        places: list[tuple[QWidget, bool]] = [
            *((widget, ready and not movie_side) for widget in (self.person, self.list, self.export)),
            *((widget, ready and movie_side) for widget in (self.mirror.panel, self.mirror.list)),
            *((widget, ready) for widget in (self._left, self.everyone)),
        ]
        for widget, visible in places:
            widget.setVisible(visible)
        self.side.set_current(state.side)
        if state.model is not None:
            self.side.set_text("movie", state.model.noun.capitalize())
        self._whys.setCurrentIndex(1 if movie_side else 0)
        self._empty.setVisible(not ready)
        for made, name in ((self.export, "export_list"), (self.everyone, "everyone")):
            reason = BY_ID[name].refusal(state)
            made.setEnabled(not reason)
            made.setToolTip(reason or BY_ID[name].tip)
        if not ready:
            self._show_empty(state)

    def _show_title(self, state: State) -> None:
        user, model = state.selection.user, state.model
        choice = state.person
        titles = {
            "mean": tr("For the mean user"),
            "blend": tr("For a blend of users"),
            "nearest": tr("For the nearest user"),
            "sliders": tr("For a made-up person"),
            "rated": tr("For a made-up person"),
        }
        if choice.user is not None:
            user = choice.user
        known = model is not None and user is not None and user < model.n_users
        named = (
            tr("For user {id}", id=model.user_ids[user]) if known and model and user is not None else tr("Recommend")
        )
        if state.side == "movie" and model is not None:
            self.title.setText(tr("Who would like this {noun}", noun=model.noun))
            self.subtitle.setText("")
            return
        if choice.kind == "mean" and choice.users:
            titles["mean"] = tr("For a mean of users")
        self.title.setText(tr("For {name}", name=choice.name) if choice.name else titles.get(choice.kind, named))
        self.subtitle.setText(_learning_words(state))

    # The list

    def _request(self, state: State) -> None:
        filters, careful = self.session.filters, self._careful
        # Lower bounds of all movies take a while: lists that follow a slider shall not wait behind them.
        lane = self.session.slow if careful else self.session.light
        lane.request("recommend.list", lambda: rank(state, filters, careful=careful), self._show_ranked)

    def _is_current(self, made: Ranked, state: State) -> bool:
        follows = not _follows_selection(state.person) or made.user == state.selection.user
        return (
            made.model is state.model
            and made.choice is state.person
            and follows
            and made.compared is state.people.compared
            and made.careful == self._careful
            and made.filters == self.session.filters
        )

    def _show_ranked(self, made: Ranked) -> None:
        state = self.session.state
        if made.model is not state.model:
            return
        self._ranked = made
        user = made.user if made.choice.kind == "user" else None
        self.person.show_person(made, user, state.people)
        self.why.show_model(made.model)
        self.why.show_what_if(what_if_refusal(made))
        if made.choice.kind == "rated" and made.person is not None:
            model, person, choice = made.model, made.person, made.choice
            self.session.light.request(
                "recommend.next", lambda: next_movie(model, person, choice), self.person.rating.show_next
            )
        if made.listed is None:
            self.list.show_nobody()
            self.why.show_nothing()
            return
        self.list.show_list(made, state.selection.movie)
        if made.choice.kind == "rated":
            self.person.rating.show_list(made.listed.columns)
        if self._is_somebody_else(made):
            if self._starts_at_the_top(state) and len(made.listed):
                self.session.select_movie(int(made.listed.columns[0]))
            self.list.select(self.session.state.selection.movie)
            self.list.reveal()
        self._explain(self.session.state)

    def _show_keeping(self, state: State) -> None:
        self.person.keeping.show_people(state.people, state.person)

    def _is_somebody_else(self, made: Ranked) -> bool:
        """Whether the list is for another person. Somebody made up from the one before is not: one sees them move."""
        shown, kind = self._person_shown, made.choice.kind
        self._person_shown = (kind, made.user if kind == "user" else None)
        self._is_first = shown is None
        return shown is None or (kind in ("user", "mean") and self._person_shown != shown)

    def _starts_at_the_top(self, state: State) -> bool:
        """Whether another person's first row is to be selected: unless a movie was chosen since the last list."""
        if self._is_first:
            return state.selection.movie in (None, 0)  # opening selects the first
        return state.selection.movie == self._movie_seen

    @Slot(object)
    def _request_sureness(self, columns: Ints) -> None:
        made = self._ranked
        if made is None or made.person is None:
            return
        model, person = made.model, made.person
        if model.stopped == GOING_ON:
            self.list.show_sureness({}, tr("How sure it is, is known when the fit has ended."))
            return

        def show(found: tuple[dict[int, Sureness], str]) -> None:
            if self._ranked is made:
                self.list.show_sureness(*found)

        self.session.slow.request("recommend.sure", lambda: sureness(model, person, columns), show)

    @Slot(bool)
    def _order_carefully(self, careful: bool) -> None:
        self._careful = careful
        self._request(self.session.state)

    # Why

    def _explain(self, state: State) -> None:
        made, movie = self._ranked, state.selection.movie
        self._movie_seen = movie
        if made is None or made.person is None or movie is None or movie >= made.model.n_movies:
            self.why.show_nothing()
            return
        person, kind, given = made.person, made.choice.kind, float(made.given[movie])

        def work() -> Explained:
            return explained(made.model, person, kind, movie, given, filters=made.filters, beside=made.beside)

        self.session.light.request("recommend.why", work, self._show_explained)

    def _show_explained(self, made: Explained) -> None:
        ranked = self._ranked
        if ranked is None or ranked.listed is None:
            return
        summary = ranked.model.summary
        found = np.flatnonzero(ranked.listed.columns == made.column)
        # In a careful or varied order the place is that of the list.
        place = tr("rank {n}", n=text.count(int(found[0]) + 1)) if len(found) else made.place
        stars = shows_as_stars(summary.scale)
        self.why.show_explained(made, place, (summary.low, summary.high), stars=stars)

    # Gestures

    @Slot(object)
    def _move_weights(self, weights: Floats) -> None:
        if self.session.state.person.kind != "sliders":
            self.session.choose_person("sliders")
        self.session.persons.set_weights(weights, gesture="weights")

    @Slot(object)
    def _compare(self, whom: str | None) -> None:
        verbs, user = self.session.persons, self.session.state.selection.user
        if whom is None:
            verbs.compare(None)
        elif whom.startswith("kept "):
            verbs.compare(verbs.kept(whom.removeprefix("kept ")))
        else:
            verbs.compare(PersonChoice("mean") if whom == "mean" else PersonChoice("user", user=user))

    @Slot()
    def _reset_weights(self) -> None:
        self.session.persons.reset()

    @Slot(int)
    def _choose_user(self, row: int) -> None:
        if self.session.state.person.user is not None:
            self.session.persons.choose("user")
        self.session.select_user(row)

    # Room

    def _spread(self, *, force: bool = False) -> None:
        wide = self.window().width() >= WIDE_WINDOW * theme.current().scale
        if wide != self._wide or force:
            self._wide = wide
            self.person.set_wide(wide)
            self.mirror.panel.set_wide(wide)
            self.why.set_wide(wide)
            self.list.set_wide(wide, self.session.state.selection.movie)

    def _make_left(self) -> QWidget:
        """The choice of the side, and below it the person or the movie."""
        self._left = QFrame()
        self._left.setProperty("k", "surface")
        whole = column(row(self.side, None, margins=(16, 14, 16, 0)), gap=0)
        panels = row(self.person, self.mirror.panel, gap=0)
        whole.addLayout(panels, 1)
        self._left.setLayout(whole)
        return self._left

    def _make_empty(self) -> QWidget:
        self._words = EmptyState("", "")
        self._mends = {}
        for name, kind in (("fit", "primary"), ("stop", "primary"), ("open", ""), ("sample", ""), ("generate", "")):
            spec = BY_ID[name]
            made = button(spec.text.rstrip("."), spec.icon, "primary" if kind else "secondary", spec.tip)
            made.clicked.connect(lambda _=False, name=name: self.action_wanted.emit(name))
            self._mends[name] = made
        self._empty = QWidget()
        buttons = row(*self._mends.values(), None)
        self._empty.setLayout(column(None, self._words, buttons, None, None, gap=14, margins=(48, 0, 48, 0)))
        return self._empty

    def _show_empty(self, state: State) -> None:
        if state.phase == "fitting":
            words, mends = (tr("The model is learning"), tr("Lists are there after the first epoch.")), {"stop"}
        elif state.data is not None:
            words, mends = (tr("No model yet"), tr("Fit one: then every user has a ranked list, and why.")), {"fit"}
        else:
            words = tr("No ratings yet"), tr("Open a file, take a sample, or generate some; then fit.")
            mends = {"open", "sample", "generate"}
        self._words.set_words(*words)
        for name, made in self._mends.items():
            made.setVisible(name in mends)


def _learning_words(state: State) -> str:
    """Whose list it is while a fit goes on."""
    model, run = state.model, state.current_run
    if state.phase != "fitting" or model is None:
        return ""
    if model.stopped != GOING_ON or run is None:
        return tr("by the last run while another learns")
    return tr("{run}, epoch {n}", run=run.name, n=text.count(model.history[-1].epoch))


def _goes_on_from(before: Model, model: Model) -> bool:
    """Whether a model is a later state of the same fit, so that nobody's place in a list or on a slider is lost."""
    return before.stopped == GOING_ON and before.split is model.split and before.k == model.k


def _follows_selection(choice: PersonChoice) -> bool:
    """Whether the person is, or is near, whoever is selected."""
    near = choice.kind == "nearest" and choice.near_by != "traits"
    return near or (choice.kind == "user" and choice.user is None)
