"""The movie's side: which users would like it most, and who pulled it. The mirror of the person's side."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Slot

from alsgui.core.movie_side import UserFilters
from alsgui.core.people import of_user
from alsgui.session.fitting import GOING_ON
from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.ui.pages.recommend.columns import Sureness
from alsgui.ui.pages.recommend.explained import shows_as_stars
from alsgui.ui.pages.recommend.movie_panel import MoviePanel
from alsgui.ui.pages.recommend.movie_ranking import ExplainedUser, RankedUsers, explain_user, rank_users
from alsgui.ui.pages.recommend.ranking import sureness
from alsgui.ui.pages.recommend.user_list import UserListPanel, WhyUserPanel


class Mirror(QObject):
    """Panel, list and inspector of the movie's side, and what goes on between them.

    Attributes
    ----------
    panel, list, why
        The three widgets, which the page places.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._filters = UserFilters()
        self.made: RankedUsers | None = None
        self.panel, self.list, self.why = MoviePanel(), UserListPanel(), WhyUserPanel()
        verbs = session.movies
        self.panel.kind_chosen.connect(verbs.choose)
        self.panel.genre_chosen.connect(verbs.set_genre)
        self.panel.rated.connect(verbs.rate)
        self.panel.movie_chosen.connect(session.select_movie)
        self.list.filters_wanted.connect(self._filter)
        self.list.user_chosen.connect(session.select_user)
        self.why.movie_chosen.connect(session.select_movie)
        self.why.person_wanted.connect(self._to_person)

    def show_state(self, state: State, changed: set[str]) -> None:
        """Show the users of the state's movie, and why."""
        made = self.made
        same_movie = made is not None and made.choice is state.movie and made.model is state.model
        if same_movie and made is not None and state.movie.kind == "existing":
            same_movie = made.column == state.selection.movie
        if not same_movie:
            self._request(state)
        elif "selection" in changed:
            self.list.select(state.selection.user)
            self._explain(state)

    def _request(self, state: State) -> None:
        filters = self._filters
        self._session.light.request("recommend.users", lambda: rank_users(state, filters), self._show)

    @Slot(object)
    def _show(self, made: RankedUsers) -> None:
        state = self._session.state
        if made.model is not state.model:
            return
        self.made = made
        self.panel.show_movie(made)
        self.list.show_users(made, state.selection.user)
        self._explain(state)

    def _explain(self, state: State) -> None:
        made, user = self.made, state.selection.user
        if made is None or made.movie is None or user is None or user >= made.model.n_users:
            self.why.show_nothing()
            return
        self._session.light.request("recommend.why", lambda: explain_user(made, user), self._show_explained)

    @Slot(object)
    def _show_explained(self, made: ExplainedUser) -> None:
        ranked = self.made
        if ranked is None:
            return
        self.why.show_explained(made, stars=shows_as_stars(ranked.model.scale))
        if ranked.column is not None and ranked.model.stopped != GOING_ON:
            model, column, row = ranked.model, ranked.column, made.row

            def work() -> tuple[dict[int, Sureness], str]:
                return sureness(model, of_user(model, row), np.array([column]))

            def show(found: tuple[dict[int, Sureness], str]) -> None:
                sure, reason = found
                self.why.show_sure(sure[column].words() if column in sure else reason)

            self._session.slow.request("recommend.user_sure", work, show)

    @Slot(object)
    def _filter(self, filters: UserFilters) -> None:
        self._filters = filters
        self._request(self._session.state)

    @Slot()
    def _to_person(self) -> None:
        with self._session.together():
            self._session.persons.choose("user")
            self._session.movies.show_side("person")
