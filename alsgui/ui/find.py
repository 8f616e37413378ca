"""What the search field finds: users by id, movies by title, actions by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from alsgui.session.state import Notice, State
from alsgui.text import counted, tr
from alsgui.ui.actions import ACTIONS, ActionSpec

if TYPE_CHECKING:
    from alsgui.core.ratings import Ratings
    from alsgui.core.summary import TrainingSummary
    from alsgui.ui.main_window import MainWindow

Found = tuple[str, str, str, Callable[[], None]]
"""Icon, text, subtitle, and what choosing it does."""

MOST_OF_A_KIND = 5


def finder(window: MainWindow) -> Callable[[str], list[Found]]:
    """The search function of a window."""

    def find(text: str) -> list[Found]:
        wanted = text.strip().casefold()
        if not wanted:
            return []
        state = window.session.state
        return [*_users(window, state, wanted), *_movies(window, state, wanted), *_actions(window, wanted)]

    return find


def _known(state: State) -> Ratings | TrainingSummary | None:
    """Who and what there is: the ratings, or what a model knows that was saved without them."""
    if state.data is None and state.model is not None:
        return state.model.summary
    return state.ratings


def _users(window: MainWindow, state: State, wanted: str) -> list[Found]:
    ratings = _known(state)
    if ratings is None:
        return []
    identity = wanted.removeprefix("user ").strip()
    rows = (row for row, user in enumerate(ratings.user_ids) if user.casefold().startswith(identity))
    first = [ratings.user_rows[identity]] if identity in ratings.user_rows else []
    chosen = list(dict.fromkeys([*first, *islice(rows, MOST_OF_A_KIND)]))[:MOST_OF_A_KIND]
    return [
        (
            "user",
            tr("User {id}", id=ratings.user_ids[row]),
            counted(int(ratings.user_counts[row]), tr("rating")),
            partial(window.session.select_user, row),
        )
        for row in chosen
    ]


def _movies(window: MainWindow, state: State, wanted: str) -> list[Found]:
    ratings = _known(state)
    if ratings is None:
        return []
    titles = ratings.titles or ratings.movie_ids
    columns = (column for column, title in enumerate(titles) if wanted in title.casefold())
    return [
        (
            "film-strip",
            titles[column],
            counted(int(ratings.movie_counts[column]), tr("rating")),
            partial(window.session.select_movie, column),
        )
        for column in islice(columns, MOST_OF_A_KIND)
    ]


def _actions(window: MainWindow, wanted: str) -> list[Found]:
    matching = (spec for spec in ACTIONS if wanted in spec.text.casefold() or wanted in spec.tip.casefold())
    return [_action(window, spec) for spec in islice(matching, MOST_OF_A_KIND)]


def _action(window: MainWindow, spec: ActionSpec) -> Found:
    """What it does, or why it cannot be done now."""
    icon, refusal = spec.icon or "arrow-right", spec.refusal(window.session.state)
    if refusal:
        return icon, spec.text, refusal, lambda: window.session.tell(Notice("info", refusal))
    return icon, spec.text, spec.shortcut, window.actions_by_id[spec.id].trigger
