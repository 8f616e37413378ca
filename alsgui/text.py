"""Words and numbers as people read them: one place for translation and for formatting.

Everything that a person reads, in the window, on the command line and in errors, goes through `tr` and
through the number formats below, so that a rating has two decimals everywhere and a translation has one door.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

MINUS = "\u2212"
THIN_SPACE = "\u2009"
DASH = "\u2014"
STAR = "\u2605"


def tr(text: str, /, **values: object) -> str:
    """Translate `text` and fill in its `{named}` values (English only for now)."""
    return text.format(**values) if values else text


def count(number: int | float) -> str:
    """Whole number with thin spaces between thousands: 100 836."""
    return f"{round(number):,}".replace(",", THIN_SPACE).replace("-", MINUS)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Number and noun in agreement: 1 user, 610 users."""
    return f"{count(number)} {noun if number == 1 else plural or pluralised(noun)}"


def pluralised(noun: str) -> str:
    """English plural of a regular noun: movie -> movies, dish -> dishes, story -> stories."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def headline(title: str) -> str:
    """The part of a title that it goes by: Matrix, The (1999) is Matrix, Kill Bill: Vol. 2 (2004) is Kill Bill."""
    return re.sub(r"^(The|An|A) |(: | \(|, (The|An|A)\b).*$", "", title) or title


def decimal(number: float, digits: int, *, sign: bool = False) -> str:
    """Fixed number of decimals with a true minus; em dash for what does not exist (NaN)."""
    if not math.isfinite(number):
        return DASH
    shown = f"{number:+.{digits}f}" if sign else f"{number:.{digits}f}"
    if float(shown) == 0:
        shown = shown.lstrip("+-")
    return shown.replace("-", MINUS)


def rating(number: float) -> str:
    """Rating, prediction or bias in stars: two decimals."""
    return decimal(number, 2)


def score(number: float) -> str:
    """Prediction that is no rating, about 0 to 1: three decimals."""
    return decimal(number, 3)


def error_figure(number: float) -> str:
    """RMSE, MAE, NDCG or recall: four decimals."""
    return decimal(number, 4)


def product(number: float) -> str:
    """One product u_k m_k: three decimals and its sign."""
    return decimal(number, 3, sign=True)


def contribution(number: float) -> str:
    """One step of a waterfall, in stars: two decimals and its sign."""
    return decimal(number, 2, sign=True)


def percent(share: float, digits: int | None = None) -> str:
    """Share (0 to 1) in percent: 1.70 %, 12.3 %."""
    number = 100 * share
    if digits is None:
        digits = 2 if abs(number) < 9.995 else 1
    return f"{decimal(number, digits)} %"


def duration(seconds: float) -> str:
    """Time at the precision that helps: 0.05 s, 1.5 s, 42 s, 3 min 10 s, 2 h 5 min."""
    if seconds < 0.995:
        return f"{seconds:.2f} s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def byte_size(n_bytes: float) -> str:
    """File size in decimal units: 1.4 MB."""
    for unit in ("B", "kB", "MB", "GB"):
        if n_bytes < (999.5 if unit == "B" else 999.95):
            return f"{n_bytes:.0f} {unit}" if unit == "B" else f"{n_bytes:.1f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} TB"


def rounded_parts(parts: Sequence[float], total: float, digits: int) -> list[float]:
    """Round `parts` so that, as shown, they add up to `total` as shown (largest-remainder rounding).

    Parameters
    ----------
    parts
        Numbers whose sum is `total`, up to rounding.
    total
        Their sum.
    digits
        Decimals that are shown.

    Returns
    -------
    list of float
        Multiples of 10^-digits, each at most one unit from its part, whose sum is `total` rounded.
    """
    unit = 10.0**digits
    scaled = [part * unit for part in parts]
    floors = [math.floor(value) for value in scaled]
    missing = round(round(total, digits) * unit) - sum(floors)  # the inner one rounds as formatting does
    by_remainder = sorted(range(len(parts)), key=lambda index: floors[index] - scaled[index])
    if missing < 0:  # a total in float32 can be a little below the sum of its parts
        by_remainder.reverse()
    for index in by_remainder[: abs(missing)]:
        floors[index] += 1 if missing > 0 else -1
    return [value / unit for value in floors]
