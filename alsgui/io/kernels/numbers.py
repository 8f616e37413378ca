"""Read numbers and times from bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.io.kernels.compiled import compiled
from alsgui.io.kernels.scan import MISSING, NOT_FINITE, NOT_NUMBER, OK, SPACE, TAB

Bytes = npt.NDArray[Any]

LARGEST_RATING = 3.4e38
"""Beyond it float32 has no finite number."""

SLOW = 30
"""A number that needs Python: so many digits that multiplying would round it wrong."""

_TENS = np.array([10.0**power for power in range(23)])

NO_TIME = -(2**63)
UNITS, YMD, DMY, MDY = 0, 1, 2, 3
"""How times are written: numbers, or dates with this order of year, month, day."""


@compiled
def _lower(sign: int) -> int:
    return sign + 32 if 65 <= sign <= 90 else sign


@compiled
def _says(buf: Bytes, start: int, stop: int, texts: Bytes, offsets: Bytes) -> bool:
    """Whether the bytes are one of the texts (in lower case), whatever their case."""
    for k in range(len(offsets) - 1):
        if offsets[k + 1] - offsets[k] != stop - start:
            continue
        same = True
        for at in range(stop - start):
            if _lower(buf[start + at]) != texts[offsets[k] + at]:
                same = False
                break
        if same:
            return True
    return False


@compiled
def _word(buf: Bytes, start: int, stop: int) -> bool:
    """Whether the bytes are a word for what is not finite: nan, inf, infinity."""
    if stop > start and (buf[start] == 43 or buf[start] == 45):
        start += 1
    n = stop - start
    if n != 3 and n != 8:
        return False
    a, b, c = _lower(buf[start]), _lower(buf[start + 1]), _lower(buf[start + 2])
    if a == 110 and b == 97 and c == 110:
        return n == 3
    if not (a == 105 and b == 110 and c == 102):
        return False
    rest = (105, 110, 105, 116, 121)
    if n == 8:
        for k in range(5):
            if _lower(buf[start + 3 + k]) != rest[k]:
                return False
    return True


@compiled
def number(buf: Bytes, start: int, stop: int, point: int) -> tuple[int, float]:
    """State and value of the number that bytes without blanks around them write; exact, or `SLOW`."""
    at, negative = start, False
    if at < stop and (buf[at] == 43 or buf[at] == 45):
        negative = buf[at] == 45
        at += 1
    mantissa, digits, power, seen = 0, 0, 0, 0
    while at < stop and 48 <= buf[at] <= 57:
        if digits < 18:
            mantissa = mantissa * 10 + (buf[at] - 48)
            if mantissa:
                digits += 1
        else:
            digits += 1
        seen += 1
        at += 1
    if at < stop and buf[at] == point:
        at += 1
        while at < stop and 48 <= buf[at] <= 57:
            if digits < 18:
                mantissa = mantissa * 10 + (buf[at] - 48)
                power -= 1
                if mantissa:
                    digits += 1
            else:
                digits += 1
            seen += 1
            at += 1
    if seen == 0:
        return (NOT_FINITE if _word(buf, start, stop) else NOT_NUMBER), 0.0
    if at < stop and (buf[at] == 101 or buf[at] == 69):
        at += 1
        below = False
        if at < stop and (buf[at] == 43 or buf[at] == 45):
            below = buf[at] == 45
            at += 1
        exponent, seen = 0, 0
        while at < stop and 48 <= buf[at] <= 57:
            exponent = min(exponent * 10 + (buf[at] - 48), 100000)
            seen += 1
            at += 1
        if seen == 0:
            return NOT_NUMBER, 0.0
        power += -exponent if below else exponent
    if at < stop:
        return NOT_NUMBER, 0.0
    if mantissa == 0:
        return OK, 0.0
    if digits > 15 or power > 22 or power < -22:
        return SLOW, 0.0
    value = float(mantissa)
    value = value * _TENS[power] if power >= 0 else value / _TENS[-power]
    return (OK if value <= LARGEST_RATING else NOT_FINITE), (-value if negative else value)


@compiled
def numbers(
    buf: Bytes, starts: Bytes, stops: Bytes, n: int, point: int, missing: Bytes, texts: Bytes, offsets: Bytes,
    status: Bytes, values: Bytes,
) -> int:  # fmt: skip
    """Values (float64) of one field of each record that is still OK; what is not one goes into `status`.

    `missing` are numbers that stand for a missing rating, `texts` with `offsets` words for it. Returns how many
    need Python (`SLOW`).
    """
    slow = 0
    for row in range(n):
        if status[row] != OK:
            continue
        start, stop = starts[row], stops[row]
        while start < stop and (buf[start] == SPACE or buf[start] == TAB):
            start += 1
        while start < stop and (buf[stop - 1] == SPACE or buf[stop - 1] == TAB):
            stop -= 1
        state, value = number(buf, start, stop, point)
        if state == OK:
            for k in range(len(missing)):
                if value == missing[k]:
                    state = MISSING
        elif len(offsets) > 1 and _says(buf, start, stop, texts, offsets):
            state = MISSING
        if state == SLOW:
            slow += 1
        status[row], values[row] = state, value
    return slow


@compiled
def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a date in the Gregorian calendar."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return int(era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468)


@compiled
def _date(buf: Bytes, start: int, stop: int, order: int) -> tuple[bool, int]:
    """Seconds since 1970 of a date with or without a time of day; a zone is taken off."""
    parts = np.zeros(6, dtype=np.int64)
    widths = np.zeros(6, dtype=np.int64)
    at, n, zone = start, 0, 0
    while at < stop and n < 6:
        if not 48 <= buf[at] <= 57:
            return False, 0
        while at < stop and 48 <= buf[at] <= 57 and widths[n] < 9:
            parts[n] = parts[n] * 10 + (buf[at] - 48)
            widths[n] += 1
            at += 1
        n += 1
        if at >= stop or (n >= 3 and (buf[at] in (46, 90, 43, 45) or (buf[at] == 32 and n >= 5))):
            break
        at += 1
        while at < stop and buf[at] == SPACE:
            at += 1
    if at < stop and n == 6 and buf[at] == 46:
        at += 1
        while at < stop and 48 <= buf[at] <= 57:
            at += 1
    while at < stop and buf[at] == SPACE:
        at += 1
    if at < stop and buf[at] == 90:
        at += 1
    elif at + 2 < stop and buf[at] in (43, 45):
        sign = -1 if buf[at] == 45 else 1
        at += 1
        figure, width = 0, 0
        while at < stop and (48 <= buf[at] <= 57 or buf[at] == 58):
            if buf[at] != 58:
                figure = figure * 10 + (buf[at] - 48)
                width += 1
            at += 1
        if width <= 2:
            figure *= 100
        zone = sign * (figure // 100 * 3600 + figure % 100 * 60)
    if at < stop or n < 3 or n == 4:
        return False, 0
    year, month, day = parts[0], parts[1], parts[2]
    if order == DMY:
        year, day = parts[2], parts[0]
    elif order == MDY:
        year, month, day = parts[2], parts[0], parts[1]
    if (widths[0] if order == YMD else widths[2]) <= 2:
        year += 2000 if year < 70 else 1900
    if not (1 <= month <= 12 and 1 <= day <= 31 and parts[3] <= 24 and parts[4] <= 59 and parts[5] <= 60):
        return False, 0
    return True, _days(year, month, day) * 86400 + parts[3] * 3600 + parts[4] * 60 + parts[5] - zone


@compiled
def times(
    buf: Bytes, starts: Bytes, stops: Bytes, n: int, order: int, per_second: int, point: int, status: Bytes,
    seconds: Bytes,
) -> None:  # fmt: skip
    """Seconds since 1970 (int64) of one field of each record that is OK; `NO_TIME` where there is none."""
    for row in range(n):
        if status[row] != OK:
            continue
        start, stop = starts[row], stops[row]
        while start < stop and buf[start] == SPACE:
            start += 1
        while start < stop and buf[stop - 1] == SPACE:
            stop -= 1
        if order != UNITS:
            right, found = _date(buf, start, stop, order)
            seconds[row] = found if right else NO_TIME
            continue
        whole, right, at, negative = 0, stop > start and stop - start < 20, start, False
        if at < stop and buf[at] == 45:
            negative = True
            at += 1
        while at < stop and 48 <= buf[at] <= 57:
            whole = whole * 10 + (buf[at] - 48)
            at += 1
        if at < stop or not right or at == start + negative:
            state, value = number(buf, start, stop, point)
            right = state == OK or (state == SLOW and at > start + negative and at < stop)
            whole = int(abs(value)) if state == OK else whole
        seconds[row] = (-whole if negative else whole) // per_second if right else NO_TIME
