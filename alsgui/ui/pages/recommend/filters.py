"""What the list leaves out, and in which order it stands: the controls above the table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSlider, QWidget

from alsgui import text
from alsgui.core.genres import known_genres
from alsgui.core.model import Model
from alsgui.core.recommend import Filters, RecommendationList
from alsgui.session.state import PersonChoice
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.recommend.titles import without_article
from alsgui.ui.widgets.buttons import icon_button
from alsgui.ui.widgets.chips import Chip
from alsgui.ui.widgets.filter_field import FilterField
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row

SUPPORTS = (0, 5, 10, 20, 50, 100)
STEPS = 20


class FilterBar(QWidget):
    """Controls of a list.

    Signals
    -------
    wanted(object)
        Fields of `Filters` that the person changed, by name.
    clip_wanted(bool)
        Whether predictions are shown on the scale of the ratings.
    careful_wanted(bool)
        Whether movies are ranked by the lower bound of what they are likely to be liked.
    """

    wanted = Signal(object)
    clip_wanted = Signal(bool)
    careful_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._filters = Filters()
        self._model: Model | None = None
        self._make_fields()
        self._make_more()
        self._make_chips()
        first = row(self.filter, self.genres, self.support, self.funnel, gap=6)
        first.setStretchFactor(self.filter, 1)
        second = row(self.hide_rated, self.clip, self._seen_note, None, self.variety_words, self.variety, gap=12)
        self.setLayout(column(first, second, self.more, self.chips, gap=6))

    def show_filters(self, filters: Filters) -> None:
        """Show what is left out."""
        self._filters = filters
        if self.filter.text() != filters.text and not self.filter.hasFocus():
            self.filter.setText(filters.text)
        if self.support.findData(filters.at_least) < 0:
            self._add_support(filters.at_least)
        self.support.setCurrentIndex(self.support.findData(filters.at_least))
        self.genres.setCurrentIndex(max(self.genres.findData(filters.genres), 0))
        self.hide_rated.setChecked(filters.hide_seen)
        self.variety.blockSignals(True)
        self.variety.setValue(round(filters.diversity * STEPS))
        self.variety.blockSignals(False)
        for field, value in ((self.first, filters.first_year), (self.last, filters.last_year), (self.n, filters.n_top)):
            if not field.hasFocus():
                field.setText("" if value is None else str(value))

    def show_counts(self, model: Model, listed: RecommendationList, filters: Filters, choice: PersonChoice) -> None:
        """Say what each filter takes out, and which have nothing to take."""
        if model is not self._model:
            self._model = model
            self._offer_genres(model)
        self.show_filters(filters)
        has_ratings = choice.kind in ("user", "rated")
        self.hide_rated.setEnabled(listed.seen_known and has_ratings)
        self.hide_rated.setToolTip(_hide_words(listed, has_ratings=has_ratings))
        unknown = not listed.seen_known and has_ratings
        words = tr("seen {movies} are not known", movies=text.pluralised(model.noun))
        self._seen_note.setText(words if unknown else "")
        self.clip.setVisible(model.config.predicts_ratings)
        self._show_chips(model, listed, filters)

    def show_careful(self, careful: bool, refusal: str) -> None:
        """Show by what the list is ranked, and why not by the lower bound."""
        self.careful.setChecked(careful and not refusal)
        self.careful.setEnabled(not refusal)
        self.careful.setToolTip(refusal or tr("Prediction less one standard deviation: unsure movies go down"))

    def _offer_genres(self, model: Model) -> None:
        self.genres.clear()
        self.genres.addItem(tr("All genres"), ())
        for genre in known_genres(model):
            self.genres.addItem(genre, (genre,))
        self.genres.setVisible(self.genres.count() > 1)

    def _show_chips(self, model: Model, listed: RecommendationList, filters: Filters) -> None:
        nouns = text.pluralised(model.noun)
        least = text.counted(filters.at_least, tr("rating"))
        self.chip.setVisible(filters.at_least > 0 and listed.n_thin > 0)
        self.chip.set_text(tr("at least {least}, hides {n}", least=least, n=text.count(listed.n_thin)))
        self.chip.setToolTip(
            tr("{movies} with fewer training ratings are left out: their predictions rest on little",
               movies=nouns.capitalize())
        )  # fmt: skip
        n_out = len(filters.exclude)
        self.out_chip.setVisible(n_out > 0)
        self.out_chip.set_text(tr("{n} left out", n=text.counted(n_out, model.noun)))
        years = filters.first_year is not None or filters.last_year is not None
        self.year_chip.setVisible(years and not self.more.isVisible())
        self.year_chip.set_text(_year_words(filters))
        self.chips.setVisible(any(not chip.isHidden() for chip in (self.chip, self.out_chip, self.year_chip)))

    # Building

    def _make_fields(self) -> None:
        self.filter = FilterField(tr("Filter by title"))
        self.filter.setPlaceholderText(tr("Filter by title"))
        self.filter.textEdited.connect(lambda words: self.wanted.emit({"text": without_article(words)}))
        self.filter.textChanged.connect(self._cleared)
        self.genres, self.support = QComboBox(), QComboBox()
        self.genres.setAccessibleName(tr("Genre"))
        self.genres.setFixedWidth(theme.px(118))
        self.genres.activated.connect(lambda at: self.wanted.emit({"genres": tuple(self.genres.itemData(at))}))
        self.support.setAccessibleName(tr("Fewest ratings"))
        for least in SUPPORTS:
            self._add_support(least)
        self.support.activated.connect(lambda at: self.wanted.emit({"at_least": int(self.support.itemData(at))}))
        self.funnel = icon_button("funnel", tr("More filters: years, length of the list, order"), checkable=True)
        self.funnel.toggled.connect(self._unfold)
        self.hide_rated, self.clip = QCheckBox(tr("Hide rated")), QCheckBox(tr("Clip to scale"))
        self.hide_rated.clicked.connect(lambda on: self.wanted.emit({"hide_seen": bool(on)}))
        self.clip.setToolTip(tr("Show predictions on the scale of the ratings. The order stays that of the raw ones."))
        self.clip.clicked.connect(self.clip_wanted)
        self._seen_note = label("", "hint")
        tip = tr("How much being unlike what stands above counts beside the prediction (maximal marginal relevance)")
        self.variety_words = label(tr("Variety"), "hint")
        self.variety = QSlider(Qt.Orientation.Horizontal)
        self.variety.setRange(0, STEPS)
        self.variety.setFixedWidth(theme.px(84))
        self.variety.setAccessibleName(tr("Variety"))
        self.variety.valueChanged.connect(lambda value: self.wanted.emit({"diversity": value / STEPS}))
        for widget in (self.variety, self.variety_words):
            widget.setToolTip(tip)

    def _make_more(self) -> None:
        self.first = self._number("first_year", tr("from"), tr("First year"), 60)
        self.last = self._number("last_year", tr("to"), tr("Last year"), 60)
        self.n = self._number("n_top", tr("all"), tr("How many"), 60)
        self.careful = QCheckBox(tr("Careful order"))
        self.careful.clicked.connect(self.careful_wanted)
        self.more = QWidget()
        self.more.setLayout(
            row(label(tr("Years"), "hint"), self.first, self.last, 8, label(tr("Show"), "hint"), self.n, 8,
                self.careful, None, gap=6)
        )  # fmt: skip
        self.more.hide()

    def _number(self, field: str, placeholder: str, name: str, width: int) -> QLineEdit:
        made = QLineEdit()
        made.setPlaceholderText(placeholder)
        made.setAccessibleName(name)
        made.setValidator(QIntValidator(1, 99_999_999, made))
        made.setFixedWidth(theme.px(width))
        made.editingFinished.connect(lambda: self._number_given(field, made))
        return made

    def _make_chips(self) -> None:
        self.chip, self.out_chip, self.year_chip = (Chip("plain", "", removable=True) for _ in range(3))
        self.chip.removed.connect(lambda: self.wanted.emit({"at_least": 0}))
        self.out_chip.removed.connect(lambda: self.wanted.emit({"exclude": frozenset()}))
        self.year_chip.removed.connect(lambda: self.wanted.emit({"first_year": None, "last_year": None}))
        self.chips = QWidget()
        self.chips.setLayout(row(self.chip, self.out_chip, self.year_chip, None, gap=6))

    def _add_support(self, least: int) -> None:
        place = sum(int(self.support.itemData(at)) < least for at in range(self.support.count()))
        words = tr("≥ {n} ratings", n=least) if least else tr("Any number")
        self.support.insertItem(place, words, least)

    # Gestures

    @Slot(str)
    def _cleared(self, words: str) -> None:
        """Tell of the clear button, which edits without `textEdited`."""
        if not words and self._filters.text:
            self.wanted.emit({"text": ""})

    @Slot(bool)
    def _unfold(self, opened: bool) -> None:
        self.more.setVisible(opened)
        if opened:
            self.first.setFocus()

    def _number_given(self, field: str, edit: QLineEdit) -> None:
        words = edit.text().strip()
        value: Any = int(words) if words else None
        if value != getattr(self._filters, field):
            self.wanted.emit({field: value})


def _hide_words(listed: RecommendationList, *, has_ratings: bool) -> str:
    if not has_ratings:
        return tr("Only somebody with ratings has some that could be hidden.")
    if not listed.seen_known:
        return tr("The model was saved without its ratings: what the person has seen is not known.")
    return tr("Leave out what the person has rated, hold-out included ({n})", n=text.count(listed.n_seen))


def _year_words(filters: Filters) -> str:
    if filters.first_year is None:
        return tr("to {year}", year=filters.last_year)
    if filters.last_year is None:
        return tr("from {year}", year=filters.first_year)
    return tr("{first} to {last}", first=filters.first_year, last=filters.last_year)
