"""What the exports share: the formats, how a number is written, Matrix Market, MATLAB."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO, Literal, cast

import numpy.typing as npt

from alsgui.core.errors import ConfigError
from alsgui.text import tr

Array = npt.NDArray[Any]
Format = Literal["csv", "npz", "mat", "mtx"]

FORMATS: tuple[Format, ...] = ("csv", "npz", "mat", "mtx")


def check_format(name: str) -> Format:
    """The name as a format.

    Raises
    ------
    ConfigError
        When there is no such format.
    """
    if name not in FORMATS:
        raise ConfigError(
            tr("There is no format {name}.", name=name), tr("Choose of {known}.", known=", ".join(FORMATS))
        )
    return name


def number_format(values: Array) -> Callable[[float], str]:
    """The fewest digits from which every value of this dtype is read back the same."""
    return "{:.9g}".format if values.dtype.itemsize <= 4 else repr


def write_matrix_market(stream: BinaryIO, shape: tuple[int, ...], label: str, strips: Iterable[Array]) -> None:
    """Matrix Market's dense format: values column by column, one to a line."""
    stream.write(f"%%MatrixMarket matrix array real general\n% {label}\n{shape[0]} {shape[1]}\n".encode())
    for strip in strips:
        show = number_format(strip)
        values = map(show, strip.reshape(-1, order="F").tolist())
        stream.write(("\n".join(values) + "\n").encode())


def write_matlab(stream: BinaryIO, fields: Mapping[str, Any]) -> None:
    """A compressed MATLAB file of named arrays and texts."""
    from scipy.io import savemat

    # SciPy's types name paths alone; it documents file objects too.
    savemat(cast(Any, stream), dict(fields), do_compression=True, oned_as="column")
