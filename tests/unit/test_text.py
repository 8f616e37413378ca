"""Words and numbers as people read them."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsgui.text import (
    byte_size,
    contribution,
    count,
    counted,
    decimal,
    duration,
    error_figure,
    percent,
    pluralised,
    product,
    rating,
    rounded_parts,
    tr,
)

STARS = st.floats(-10, 10, allow_nan=False)


def test_named_values_are_filled_in_whatever_their_name() -> None:
    assert tr("{n} of {text}", n=3, text="{n}") == "3 of {n}"
    assert tr("left as it is: {n}") == "left as it is: {n}"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0"), (999, "999"), (1000, "1\u2009000"), (100836, "100\u2009836"), (-1234567, "−1\u2009234\u2009567")],
)
def test_counts_have_thin_spaces_between_thousands(number: int, shown: str) -> None:
    assert count(number) == shown


@pytest.mark.parametrize(
    ("noun", "plural"),
    [("movie", "movies"), ("dish", "dishes"), ("story", "stories"), ("day", "days"), ("box", "boxes")],
)
def test_regular_nouns_have_a_plural(noun: str, plural: str) -> None:
    assert pluralised(noun) == plural


def test_number_and_noun_agree() -> None:
    assert (counted(1, "user"), counted(0, "user"), counted(2000, "user")) == ("1 user", "0 users", "2\u2009000 users")
    assert counted(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(3.14159, "3.14"), (-0.5, "−0.50"), (-0.001, "0.00"), (float("nan"), "—"), (float("inf"), "—"), (0.0, "0.00")],
)
def test_ratings_have_two_decimals_and_a_true_minus(number: float, shown: str) -> None:
    assert rating(number) == shown


def test_each_kind_of_figure_has_its_own_decimals_and_sign() -> None:
    assert error_figure(0.83159) == "0.8316"
    assert (product(0.5), product(-0.5), product(0.00001)) == ("+0.500", "−0.500", "0.000")
    assert (contribution(1.234), contribution(-0.001)) == ("+1.23", "0.00")
    assert decimal(12.0, 0) == "12"


@pytest.mark.parametrize(
    ("share", "shown"), [(0.017, "1.70 %"), (0.1234, "12.3 %"), (0.099999, "10.0 %"), (-0.5, "−50.0 %"), (1, "100.0 %")]
)
def test_shares_have_three_figures(share: float, shown: str) -> None:
    assert percent(share) == shown
    assert percent(0.5, 0) == "50 %"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.05, "0.05 s"), (0.999, "1.0 s"), (1.46, "1.5 s"), (9.96, "10 s"), (42.4, "42 s"), (59.7, "1 min 0 s"),
     (190, "3 min 10 s"), (3599.6, "1 h 0 min"), (7500, "2 h 5 min")],
)  # fmt: skip
def test_durations_are_at_the_precision_that_helps(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("n_bytes", "shown"),
    [(0, "0 B"), (999, "999 B"), (999.6, "1.0 kB"), (1_400_000, "1.4 MB"), (999_960, "1.0 MB"), (2.5e9, "2.5 GB"),
     (3e12, "3.0 TB"), (5e15, "5000.0 TB")],
)  # fmt: skip
def test_file_sizes_are_in_decimal_units(n_bytes: float, shown: str) -> None:
    assert byte_size(n_bytes) == shown


class TestRoundedParts:
    @given(st.lists(STARS, min_size=1, max_size=30), st.integers(0, 4))
    def test_add_up_to_the_total_as_shown(self, parts: list[float], digits: int) -> None:
        total = math.fsum(parts)
        rounded = rounded_parts(parts, total, digits)
        shown = sum(Fraction(f"{part:.{digits}f}") for part in rounded)
        assert shown == Fraction(f"{total:.{digits}f}")

    @given(st.lists(STARS, min_size=1, max_size=30), st.integers(0, 4))
    def test_are_each_less_than_a_unit_from_their_part(self, parts: list[float], digits: int) -> None:
        for part, rounded in zip(parts, rounded_parts(parts, math.fsum(parts), digits), strict=True):
            assert abs(rounded - part) <= 10.0**-digits * (1 + 1e-9)

    @pytest.mark.parametrize("total", [1.115, 2.675, 0.285, 1.005, 0.125, -1.115])
    def test_follow_the_total_as_formatting_rounds_it(self, total: float) -> None:
        assert rating(sum(rounded_parts([total], total, 2))) == rating(total)

    def test_follow_a_total_that_is_a_little_off_as_float32_is(self) -> None:
        assert sum(rounded_parts([1.0, 0.5], 1.4949999, 2)) == pytest.approx(1.49)

    def test_of_nothing_are_nothing(self) -> None:
        assert rounded_parts([], 0.0, 2) == []
