"""The person whom the list is for, and the ways to point at one, describe one, or make one up."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QPushButton, QWidget

from alsgui import text
from alsgui.core.model import Model
from alsgui.session.state import People, PersonChoice, PersonKind
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.recommend.blend import BlendPart
from alsgui.ui.pages.recommend.keeping import KeepingPart
from alsgui.ui.pages.recommend.mean import MeanPart
from alsgui.ui.pages.recommend.nearest import NearestPart
from alsgui.ui.pages.recommend.ranking import Ranked
from alsgui.ui.pages.recommend.rated import RatedPart
from alsgui.ui.pages.recommend.rating import RatePart
from alsgui.ui.pages.recommend.user import UserField
from alsgui.ui.pages.recommend.weights import WeightsPart
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.labels import Rule, label
from alsgui.ui.widgets.layouts import column, row

_TILES: tuple[tuple[PersonKind, str, str, str], ...] = (
    ("user", "user", tr("Existing user"), tr("The user who is selected on every page")),
    ("mean", "users-three", tr("Mean user"), tr("The text-book's new user: row means of u")),
    ("blend", "intersect", tr("Blend"), tr("Two to five users, mixed")),
    ("nearest", "target", tr("Nearest user"), tr("Nearest by characteristics, ratings or factors")),
    ("sliders", "sliders-horizontal", tr("Sliders"), tr("Somebody made up: weights that you set")),
    ("rated", "star", tr("Rate a few"), tr("Somebody made up: movies that you rate")),
)


class PersonPanel(QFrame):
    """Left side of Recommend.

    Signals
    -------
    kind_chosen(str)
        "user", "mean", "blend", "nearest", "sliders" or "rated".
    user_chosen(int)
        Row of an existing user.
    browse_wanted()
        All users are to be shown.

    Attributes
    ----------
    keeping, mean, blend, nearest, rating, weights, rated
        Parts with signals of their own: kept persons; of whom a mean is; the users of a blend; who is near; ratings
        given here; the sliders; the ratings of an existing user.
    """

    kind_chosen = Signal(str)
    user_chosen = Signal(int)
    browse_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("k", "surface")
        self._row: int | None = None
        self.keeping, self.mean, self.blend, self.rating = KeepingPart(), MeanPart(), BlendPart(), RatePart()
        self.nearest = NearestPart()
        self.weights, self.rated = WeightsPart(), RatedPart()
        self._rated_rule = Rule()
        self._user_line = self._make_user_line()
        self.facts = label("", "hint", wrap=True)
        self.unknown = label("", "body", wrap=True)
        self._note = QFrame()
        self._note.setProperty("k", "note")
        self._note.setLayout(column(self.unknown, margins=(10, 8, 10, 8)))
        content = QWidget()
        head = column(self.keeping, self._make_tiles(), self._user_line, self.mean, self.blend, self.nearest,
                      self.facts, self._note, self.rating, gap=8)  # fmt: skip
        content.setLayout(
            column(head, Rule(), self.weights, self._rated_rule, self.rated, None, gap=8, margins=(16, 8, 16, 8))
        )
        edge = QFrame()
        edge.setProperty("k", "line")
        area = scrolling(content)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(row(area, edge, gap=0))
        self.set_wide(False)

    def set_wide(self, wide: bool) -> None:
        """Take the width that the window allows."""
        self.setFixedWidth(theme.px(332 if wide else 280))
        self._tile_grid.setSpacing(theme.px(6))
        self.rated.set_wide(wide)

    def show_person(self, made: Ranked, user: int | None, people: People) -> None:
        """Show who the list is for.

        Parameters
        ----------
        made
            The person, how they were chosen, and whom they are compared with.
        user
            Row of the existing user, None for none.
        people
            Who is kept, and what can be undone.
        """
        model, person, choice = made.model, made.person, made.choice
        self._row, kind = user, choice.kind
        self.keeping.show_people(people, choice)
        self.tiles[kind].setChecked(True)
        is_user = kind == "user"
        for widget in (self._user_line, self.rated, self._rated_rule):
            widget.setVisible(is_user)
        self._show_parts(model, choice)
        self.field.set_model(model)
        self.field.set_shown("" if user is None else tr("User {id}", id=model.user_ids[user]))
        self.previous.setEnabled(user is None or user > 0)
        self.next.setEnabled(user is None or user < model.n_users - 1)
        self.facts.setText(_facts(model, choice, user))
        self.facts.setToolTip(_split_words(model, user) if is_user else "")
        self._note.setVisible(person is not None and not person.informed)
        self.unknown.setText(_unknown_words(model, choice, user))
        if person is not None:
            other = None if made.beside is None else made.beside.weights
            self.weights.show_weights(person.weights, made_up=kind == "sliders", other=other)
        if is_user and user is not None:
            self.rated.show_ratings(model, user)
        self.nearest.show_near(model, made.near, made.user)

    def _show_parts(self, model: Model, choice: PersonChoice) -> None:
        for kind, part in (
            ("mean", self.mean),
            ("blend", self.blend),
            ("nearest", self.nearest),
            ("rated", self.rating),
        ):
            part.setVisible(choice.kind == kind)
        if choice.kind == "mean":
            self.mean.show_mean(choice)
        elif choice.kind == "blend":
            self.blend.show_blend(model, choice)
        elif choice.kind == "nearest":
            self.nearest.show_choice(choice)
        elif choice.kind == "rated":
            self.rating.show_ratings(model, choice)

    def _make_user_line(self) -> QWidget:
        self.field = UserField()
        self.field.activated.connect(self._found)
        self.previous = icon_button("caret-left", tr("Previous user"))
        self.next = icon_button("caret-right", tr("Next user"))
        self.browse = icon_button("list-bullets", tr("Browse users by activity, mean or error"))
        self.browse.clicked.connect(self.browse_wanted)
        self.previous.clicked.connect(lambda: self._step(-1))
        self.next.clicked.connect(lambda: self._step(+1))
        line = QWidget()
        box = row(self.field, self.browse, self.previous, self.next, gap=2)
        box.setStretchFactor(self.field, 1)
        line.setLayout(box)
        return line

    def _make_tiles(self) -> QGridLayout:
        grid = self._tile_grid = QGridLayout()
        self._group = QButtonGroup(self)
        self.tiles: dict[PersonKind, QPushButton] = {}
        for number, (kind, icon, words, tip) in enumerate(_TILES):
            tile = button(words, icon, "tile", tip)
            tile.clicked.connect(lambda _=False, kind=kind: self.kind_chosen.emit(kind))
            self._group.addButton(tile)
            self.tiles[kind] = tile
            grid.addWidget(tile, number // 2, number % 2)
        return grid

    def _step(self, way: int) -> None:
        self.user_chosen.emit(0 if self._row is None else self._row + way)

    def _found(self, user: object) -> None:
        if isinstance(user, int):
            self.user_chosen.emit(user)


def _facts(model: Model, choice: PersonChoice, user: int | None) -> str:
    return _user_facts(model, user) if choice.kind == "user" else _made_up_facts(model, choice)


def _made_up_facts(model: Model, choice: PersonChoice) -> str:
    if choice.kind == "mean":
        counts = model.summary.user_counts
        n = int(np.count_nonzero(counts[list(choice.users)] if choice.users else counts))
        return tr("Row means of u over {users}.", users=text.counted(n, tr("user")))
    if choice.origin is not None:
        return tr("What if: the ratings of user {id}, to be changed.", id=model.user_ids[choice.origin])
    words: dict[PersonKind, str] = {
        "blend": tr("Weights and bias of the users, mixed by their shares."),
        "nearest": tr("Mean of the nearest, weighted by cosine.")
        if choice.mixed
        else tr("The nearest user's weights."),
        "sliders": tr("Weights that you set."),
        "rated": tr("Solved for u by the model's own equation."),
    }
    return words.get(choice.kind, "")


def _user_facts(model: Model, user: int | None) -> str:
    if user is None:
        return tr("No user is selected. Search one by id.")
    if model.ratings is None:
        return text.counted(int(model.summary.user_counts[user]), tr("training rating"))
    _, given = model.ratings.of_user(user)
    words = text.counted(len(given), tr("rating"))
    if not len(given):
        return words
    mean, spread = float(np.mean(given, dtype=np.float64)), float(np.std(given, dtype=np.float64))
    return tr("{n}, mean {mean} ★, s.d. {sd}", n=words, mean=text.rating(mean), sd=text.rating(spread))


def _split_words(model: Model, user: int | None) -> str:
    """How many of the ratings the model learnt from."""
    if model.ratings is None or user is None:
        return ""
    n_training = int(model.summary.user_counts[user])
    n_all = int(model.ratings.user_counts[user])
    return tr("{n} in training, {held} held out", n=text.count(n_training), held=text.count(n_all - n_training))


def _unknown_words(model: Model, choice: PersonChoice, user: int | None) -> str:
    """What is said of somebody of whom nothing is known."""
    if choice.kind == "rated" and model.split is None:
        return tr("The model was saved without its ratings: nobody can be folded in. The list is the mean user's.")
    if choice.kind == "rated":
        return tr("Nothing is known of this person yet. The list is the mean user's.")
    if choice.kind == "nearest":
        return tr("Say something of the person: until then the list is the mean user's.")
    if user is None:
        return tr("Nothing is known of these users. The list is the mean user's.")
    return tr(
        "Nothing is known of user {id}: no training rating. The list is the mean user's.", id=model.user_ids[user]
    )
