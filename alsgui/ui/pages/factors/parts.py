"""The parts of a prediction in words: attributes by name or by their ends, biases, the mean. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from alsgui import text
from alsgui.core.basis import KEEPING_SHARES, Basis, Proof
from alsgui.core.factor_view import FactorSource
from alsgui.core.meaning import Ends, Genres, Meaning
from alsgui.core.ratings import Floats
from alsgui.text import STAR, counted, pluralised, tr
from alsgui.ui.pages.factors.words import end_titles, movie_words, user_words
from alsgui.ui.widgets import paint

Kind = Literal["attribute", "user_bias", "movie_bias", "mean"]

LISTED = 10


@dataclass(frozen=True, eq=False)
class Part:
    """One row of the table of parts, and what its detail shows.

    Parameters
    ----------
    kind, attribute
        What it is; `attribute` (0-based) counts for attributes.
    sign
        What stands in front: the number of an attribute, or a letter.
    name, unnamed
        What it is called; `unnamed` where the words are its two extreme titles.
    size, size_words
        Length of its bar, 0 to 1 (None for none), and the number in words.
    ends
        Its outermost rows.
    of_users
        Whether the ends are users.
    """

    kind: Kind
    sign: str
    name: str
    size_words: str
    attribute: int = -1
    unnamed: bool = False
    size: float | None = None
    ends: Ends = field(default_factory=lambda: Ends(np.zeros(0, np.int64), np.zeros(0, np.int64)))
    of_users: bool = False


def parts(source: FactorSource, known: Meaning, *, shares: bool) -> list[Part]:
    """Every part of a prediction: attributes by falling size, then biases and the mean."""
    sizes = known.attributes.sizes
    squares = sizes**2 / max(float((sizes**2).sum()), np.finfo(float).tiny)
    made = []
    for k in (int(at) for at in np.argsort(-sizes, kind="stable")):
        ends, name = end_titles(source, known.attributes, k), source.name(k)
        words = text.percent(float(squares[k]), 1) if shares else text.decimal(float(sizes[k]), 2)
        calling = name or (paint.BETWEEN.join(ends) if ends else text.DASH)
        length = float(squares[k] / max(squares.max(), np.finfo(float).tiny)) if shares else float(sizes[k])
        made.append(Part("attribute", str(k + 1), calling, words, k, not name, length, known.ends[k]))
    if known.user_bias is None or known.movie_bias is None:
        return made
    spread = [(source.factors.user_bias, source.user_counts), (source.factors.movie_bias, source.movie_counts)]
    words_b, words_c = (tr("sd {s}", s=text.rating(_spread(bias[counts > 0]))) for bias, counts in spread)
    made.append(Part("movie_bias", "bₘ", tr("{movie} biases", movie=source.noun), words_c, ends=known.movie_bias))
    made.append(Part("user_bias", "bᵤ", tr("user biases"), words_b, ends=known.user_bias, of_users=True))
    made.append(Part("mean", "μ", tr("mean of the training ratings"), f"{text.rating(source.mu)} {STAR}"))
    return made


def weights(source: FactorSource, part: Part) -> Floats:
    """What the histogram shows: weights or biases of all rows with ratings."""
    if part.kind == "mean":
        return np.zeros(0)
    if part.kind == "movie_bias":
        numbers = source.factors.movie_bias[source.movie_counts > 0]
    elif part.kind == "user_bias":
        numbers = source.factors.user_bias[source.user_counts > 0]
    else:
        numbers = source.factors.users[source.user_counts > 0, part.attribute]
    return np.asarray(numbers, np.float64)


def end_rows(source: FactorSource, part: Part) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Words and loading (or bias) of the rows at the low and at the high end."""
    if part.kind == "attribute":
        values = source.factors.movies[:, part.attribute]
    else:
        values = source.factors.user_bias if part.of_users else source.factors.movie_bias
    say = user_words if part.of_users else movie_words
    low, high = (
        [(say(source, int(at)), float(values[at])) for at in end[:LISTED]] for end in (part.ends.low, part.ends.high)
    )
    return low, high


def genre_words(genres: Genres) -> str:
    """Genres that an end has more of than all movies have, with their counts."""
    return ", ".join(
        tr("{genre} {n} of {all} ({share} of all)", genre=each.genre, n=each.n, all=each.n_group,
           share=text.percent(each.share, 0))
        for each in genres
    )  # fmt: skip


def listed_words(source: FactorSource, known: Meaning, part: Part) -> str:
    """Who is listed at the ends."""
    noun = tr("user") if part.of_users else source.noun
    at_least = known.user_support if part.of_users else known.attributes.at_least
    return tr("{rows} with at least {ratings}", rows=pluralised(noun), ratings=counted(at_least, tr("rating")))


def histogram_words(source: FactorSource, part: Part, n: int) -> str:
    """What the histogram counts."""
    if part.kind == "attribute":
        return tr("user weights u, all {n}", n=counted(n, tr("user")))
    noun = tr("user") if part.of_users else source.noun
    return tr("{noun} biases in stars, all {n}", noun=noun, n=counted(n, noun))


def table_words(basis: Basis | None) -> str:
    """What the numbers beside the attributes are."""
    if basis is not None and basis.has_shares:
        return tr("share of the sum of squares of uᵀm")
    return tr("size; attributes overlap, sizes do not add up")


def view_words(basis: Basis | None) -> str:
    """Which attributes are shown."""
    what = [] if basis is None else [act for act in basis.acts if act != "name"]
    turns = [act for act in what if act not in KEEPING_SHARES]
    names = {
        "svd": tr("singular value decomposition"),
        "varimax": tr("varimax rotation"),
        "scale": tr("loadings at length 1"),
    }
    if turns:
        return names[turns[-1]]
    return tr("as fitted, in another order or sign") if what else tr("as fitted")


def proof_words(proof: Proof, *, stars: bool) -> str:
    """How far the predictions before and after are apart, as the page proves it."""
    unit = f" {STAR}" if stars else ""
    return tr(
        "max |r before − r after| = {difference}{unit} over {n}; the largest |r| is {largest}{unit}.",
        difference=power(proof.difference), unit=unit, n=counted(proof.n_cells, tr("cell")),
        largest=text.rating(proof.largest),
    )  # fmt: skip


def power(number: float) -> str:
    """A tiny number as a power of ten: 1.9e−8 is 1.9 × 10⁻⁸; 0 is 0."""
    if number == 0:
        return "0"
    mantissa, exponent = f"{number:.1e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa} × 10{raised}"


def _spread(values: Floats) -> float:
    return float(np.std(values, dtype=np.float64)) if len(values) else float("nan")
