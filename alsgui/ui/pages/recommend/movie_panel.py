"""The movie for which users are listed: an existing one, the mean of a genre, or a new one that a few users rate."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QPushButton, QWidget

from alsgui import text
from alsgui.core.genres import known_genres
from alsgui.core.model import Model
from alsgui.session.state import MovieKind
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.recommend.explained import shows_as_stars
from alsgui.ui.pages.recommend.movie_field import MovieField
from alsgui.ui.pages.recommend.movie_ranking import RankedUsers
from alsgui.ui.pages.recommend.rated import RatedList, RatedRow
from alsgui.ui.pages.recommend.titles import genre_list
from alsgui.ui.pages.recommend.user import UserField
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row

_TILES: tuple[tuple[MovieKind, str, str, str], ...] = (
    ("existing", "film-strip", tr("Existing"), tr("The one that is selected on every page")),
    ("genre", "users-three", tr("Mean of a genre"), tr("A new one, as the mean of its genre")),
    ("rated", "star", tr("New, rated by a few"), tr("A new one, folded in from a few ratings")),
)


class MoviePanel(QFrame):
    """Left side of the movie's side.

    Signals
    -------
    kind_chosen(str)
        "existing", "genre" or "rated".
    movie_chosen(int)
        Column of an existing movie.
    genre_chosen(str)
        Name of a genre.
    rated(int, float)
        Row of a user and the stars they give; NaN takes the rating away.
    """

    kind_chosen = Signal(str)
    movie_chosen = Signal(int)
    genre_chosen = Signal(str)
    rated = Signal(int, float)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("k", "surface")
        self._model: Model | None = None
        self._middle = 3.0
        self._group = QButtonGroup(self)
        self.tiles: dict[MovieKind, QPushButton] = {}
        for kind, icon, words, tip in _TILES:
            tile = button(words, icon, "tile", tip)
            tile.clicked.connect(lambda _=False, kind=kind: self.kind_chosen.emit(kind))
            self._group.addButton(tile)
            self.tiles[kind] = tile
        self.field = MovieField(tr("Search a title"), 248)
        self.field.activated.connect(self._movie_found)
        self.title = label("", "strong", "movie", wrap=True)
        self.facts = label("", "hint", wrap=True)
        self.genres = QComboBox()
        self.genres.setAccessibleName(tr("Genre"))
        self.genres.activated.connect(lambda at: self.genre_chosen.emit(self.genres.itemText(at)))
        self.user = UserField(tr("Add a user who rates it"))
        self.user.activated.connect(self._user_found)
        self.list = RatedList(editable=True)
        self.list.given.connect(self.rated)
        self.hint = label(tr("Click the stars, or type a digit. Delete takes a rating away."), "hint", wrap=True)
        self.reason = label("", "body", wrap=True)
        self._note = QFrame()
        self._note.setProperty("k", "note")
        self._note.setLayout(column(self.reason, margins=(10, 8, 10, 8)))
        content = QWidget()
        content.setLayout(
            column(*self.tiles.values(), self.field, self.genres, self.user,
                   self.list, self.hint, self.title, self.facts, self._note, None, gap=8, margins=(16, 8, 16, 8))
        )  # fmt: skip
        area = scrolling(content)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        edge = QFrame()
        edge.setProperty("k", "line")
        self.setLayout(row(area, edge, gap=0))
        self.set_wide(False)

    def set_wide(self, wide: bool) -> None:
        """Take the width that the window allows."""
        self.setFixedWidth(theme.px(332 if wide else 280))

    def show_movie(self, made: RankedUsers) -> None:
        """Show for which movie the users are listed."""
        model, choice = made.model, made.choice
        if model is not self._model:
            self._show_model(model)
        self.tiles[choice.kind].setChecked(True)
        for widget, kind in ((self.field, "existing"), (self.genres, "genre"), (self.user, "rated")):
            widget.setVisible(choice.kind == kind)
        rated = choice.kind == "rated" and bool(choice.rated)
        self.list.setVisible(rated)
        self.hint.setVisible(rated)
        rows = [RatedRow(user, tr("User {id}", id=model.user_ids[user]), stars, 0) for user, stars in
                choice.rated.items()]  # fmt: skip
        self.list.set_rows(rows, as_stars=shows_as_stars(model.scale))
        self.genres.setCurrentIndex(self.genres.findText(choice.genre))
        self.title.setText(made.name if made.movie is not None else "")
        self.facts.setText(_facts(made))
        self._note.setVisible(bool(made.reason))
        self.reason.setText(made.reason)

    def _show_model(self, model: Model) -> None:
        self._model = model
        self.field.set_model(model)
        self.user.set_model(model)
        self.genres.clear()
        self.genres.addItems(list(known_genres(model)))
        self.genres.setPlaceholderText(tr("Genre"))
        known = self.genres.count() > 0
        self.tiles["genre"].setEnabled(known)
        self.tiles["genre"].setToolTip(_TILES[1][3] if known else tr("No genres are known."))
        scale = model.scale
        self.list.set_scale(scale.minimum, scale.maximum, scale.step)
        self._middle = model.summary.mean

    def _movie_found(self, movie: object) -> None:
        if isinstance(movie, int):
            self.movie_chosen.emit(movie)

    def _user_found(self, user: object) -> None:
        if isinstance(user, int) and self._model is not None:
            step = self._model.scale.step or 0.5
            self.rated.emit(user, round(self._middle / step) * step)
            self.list.go_to(user)


def _facts(made: RankedUsers) -> str:
    model, movie = made.model, made.movie
    if movie is None:
        return ""
    if movie.column is None:
        return tr("Its bias is {bias} stars.", bias=text.contribution(movie.bias)) if model.has_biases else ""
    words = [] if model.genres is None else [genre_list(model.genres[movie.column])]
    words.append(text.counted(int(model.summary.movie_counts[movie.column]), tr("training rating")))
    if model.split is not None and movie.informed and model.config.predicts_ratings:
        mean = float(model.split.training.movie_means[movie.column])
        if not math.isnan(mean):
            words.append(tr("mean {mean} ★", mean=text.rating(mean)))
    return ", ".join(words)
