"""Cut UTF-8 bytes into records and fields: any delimiter, quotes, escapes, comments, line ends.

One pass, no copies: a field is a pair of offsets. A quotation that never closes, or that goes on after it closed,
costs its first line and no more: the scan goes on at the next line, and the record says what was wrong.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.io.kernels.compiled import compiled

Bytes = npt.NDArray[Any]

OK, UNCLOSED, AFTER_QUOTE, FEW, MANY = 0, 1, 2, 3, 4
ID_EMPTY, ID_LONG, ID_NUL, ID_ENCODING = 5, 6, 7, 8
NOT_NUMBER, NOT_FINITE = 9, 10
MISSING, LEFT_OUT = 20, 21
"""States of a record. From 20 on it was understood, and is none of the ratings met."""

PLAIN, QUOTED, ESCAPED = 0, 1, 2
"""How a field is written; offsets of a quoted one leave out its quotes, an escaped one has signs to take away."""

LONGEST_QUOTATION = 1 << 18
LF, CR, SPACE, TAB = 10, 13, 32, 9

QUOTE, ESCAPE, RUNS, N_COMMENT, COMMENT, N_DELIMITER, DELIMITER = 0, 1, 2, 3, 4, 8, 9
N_SIGNS = 13
"""Places in the array of signs: two signs, whether a run of delimiters is one, and up to four bytes each."""


@compiled
def _at_delimiter(buf: Bytes, at: int, end: int, signs: Bytes) -> bool:
    n = signs[N_DELIMITER]
    if at + n > end:
        return False
    for k in range(n):
        if buf[at + k] != signs[DELIMITER + k]:
            return False
    return True


@compiled
def _line_end(buf: Bytes, at: int, end: int) -> int:
    """Length of the line end at `at`: 0 where there is none."""
    if buf[at] == LF:
        return 1
    if buf[at] == CR:
        return 2 if at + 1 < end and buf[at + 1] == LF else 1
    return 0


@compiled
def _next_line(buf: Bytes, at: int, end: int) -> int:
    """Where the line at `at` ends (its line end, or the end)."""
    while at < end and buf[at] != LF and buf[at] != CR:
        at += 1
    return at


@compiled
def _skipped(buf: Bytes, at: int, end: int, signs: Bytes) -> bool:
    """Whether the line at `at` is a comment or blank."""
    n = signs[N_COMMENT]
    if n and at + n <= end:
        same = True
        for k in range(n):
            same = same and buf[at + k] == signs[COMMENT + k]
        if same:
            return True
    while at < end and buf[at] == SPACE:
        at += 1
    return at >= end or buf[at] == LF or buf[at] == CR


@compiled
def _quoted_end(buf: Bytes, at: int, end: int, signs: Bytes) -> tuple[int, int, int]:
    """The closing quote of a field whose text begins at `at`, how it is written, and line ends inside; -1: none."""
    quote, escape = signs[QUOTE], signs[ESCAPE]
    mode, lines = QUOTED, 0
    while at < end:
        sign = buf[at]
        if sign == quote:
            if escape >= 0 and escape != quote:
                return at, mode, lines
            if at + 1 < end and buf[at + 1] == quote:
                mode = ESCAPED
                at += 2
                continue
            return at, mode, lines
        if sign == escape:
            mode = ESCAPED
            at += 2
            continue
        if sign == LF or (sign == CR and not (at + 1 < end and buf[at + 1] == LF)):
            lines += 1
        at += 1
    return -1, mode, lines


@compiled
def _specials(signs: Bytes) -> Bytes:
    """Which bytes can end a field or change how it is read."""
    special = np.zeros(256, dtype=np.uint8)
    special[LF] = special[CR] = special[signs[DELIMITER]] = 1
    if signs[ESCAPE] >= 0:
        special[signs[ESCAPE]] = 1
    return special


@compiled
def _next_special(buf: Bytes, at: int, special: Bytes) -> int:
    """Where the next special byte is; one stands behind the end. Positions without a sign save a test each."""
    place = np.uintp(at)
    while special[buf[place]] == 0:
        place += np.uintp(1)
    return np.int64(place)  # type: ignore[return-value]


@compiled
def scan(
    buf: Bytes, at: int, end: int, final: bool, signs: Bytes, slots: Bytes, wanted: Bytes, expected: int,
    line: int, rows: Bytes, lines: Bytes, status: Bytes, starts: Bytes, stops: Bytes, modes: Bytes,
) -> tuple[int, int, int]:  # fmt: skip
    """Fill in records from `at` until the bytes or the room for rows end.

    Parameters
    ----------
    buf, at, end, final
        Bytes from `at` to `end`, with a line feed at `end` that is no part of them; whether the file ends there.
    signs
        See `N_SIGNS`.
    slots
        Column -> place in `starts`, `stops` and `modes`, or -1 for a column that nobody needs.
    wanted
        The other way round: the column of each place.
    expected
        Fields of a record; -1 when any number is right.
    line
        Line of the first byte.
    rows
        Start and end of each record, and its number of fields: R x 3, int32.
    lines, status
        Line in which a record starts, int64; what is wrong with it, uint8.
    starts, stops, modes
        S x R: where the wanted fields are, int32, and how they are written, uint8; one that is not there is empty.

    Returns
    -------
    tuple
        Number of records, where the rest begins, and in which line.
    """
    quote, escape, runs, first = signs[QUOTE], signs[ESCAPE], signs[RUNS], signs[DELIMITER]
    n_delimiter, n_slots, n_comment = signs[N_DELIMITER], len(slots), signs[N_COMMENT]
    n, special = 0, _specials(signs)
    while at < end and n < len(rows):
        begin, begin_line, inside, problem, field = at, line, 0, OK, 0
        if (buf[at] <= SPACE or n_comment) and _skipped(buf, at, end, signs):
            stop = _next_line(buf, at, end)
            if stop >= end and not final:
                return n, begin, line
            length = 0 if stop >= end else _line_end(buf, stop, end)
            if length == 1 and buf[stop] == CR and stop + 1 == end and not final:
                return n, begin, line
            at, line = stop + length, line + 1
            continue
        while True:
            if runs:
                while at < end and buf[at] == first:
                    at += 1
            if quote >= 0 and at < end and buf[at] == quote:
                start = at + 1
                stop, mode, more = _quoted_end(buf, start, end, signs)
                if stop < 0 or (stop + 1 >= end and not final):
                    if not final and end - begin <= LONGEST_QUOTATION:
                        return n, begin, begin_line
                    problem = UNCLOSED
                    break
                inside += more
                at = stop + 1
                if at < end and buf[at] != LF and buf[at] != CR and not _at_delimiter(buf, at, end, signs):
                    if at + n_delimiter > end and not final:
                        return n, begin, begin_line
                    problem = AFTER_QUOTE
                    break
            else:
                start, mode = at, PLAIN
                while at < end:
                    at = _next_special(buf, at, special)
                    if at >= end:
                        break
                    sign = buf[at]
                    if sign == first and (n_delimiter == 1 or _at_delimiter(buf, at, end, signs)):
                        break
                    if sign == LF or sign == CR:
                        break
                    if sign == escape:
                        mode = ESCAPED
                        at += 1
                    at += 1
                at = min(at, end)
                stop = at
            if at >= end and not final:
                return n, begin, begin_line
            if runs and start == stop and field > 0 and (at >= end or buf[at] == LF or buf[at] == CR):
                break
            if field < n_slots and slots[field] >= 0:
                slot = slots[field]
                starts[slot, n] = start
                stops[slot, n] = stop
                modes[slot, n] = mode
            field += 1
            if at >= end or buf[at] == LF or buf[at] == CR:
                break
            at += n_delimiter
        if problem != OK:
            at, inside = _next_line(buf, begin, end), 0
        rows[n, 0], rows[n, 1], rows[n, 2] = begin, at, field
        if at < end:
            length = _line_end(buf, at, end)
            if buf[at] == CR and at + 1 == end and not final:
                return n, begin, begin_line
            at += length
        elif not final:
            return n, begin, begin_line
        if problem == OK and expected > 0 and field != expected:
            problem = FEW if field < expected else MANY
        if problem != OK and problem != MANY:
            for slot in range(len(starts)):
                if field <= wanted[slot]:
                    starts[slot, n], stops[slot, n], modes[slot, n] = begin, begin, PLAIN
        lines[n], status[n] = begin_line, problem
        line += inside + 1
        n += 1
    return n, at, line
