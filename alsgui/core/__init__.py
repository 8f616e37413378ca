"""The numbers: ratings, solvers, training, ranking and drawing tiles. No Qt, no files.

The letters are the text-book's. They live in `core` alone; elsewhere names are spelled out.
"""

from __future__ import annotations

from typing import NamedTuple


class Symbol(NamedTuple):
    """One row of the notation table."""

    letter: str
    meaning: str
    shape: str
    dtype: str


NOTATION: tuple[Symbol, ...] = (
    Symbol("N", "number of users", "", "int"),
    Symbol("M", "number of movies", "", "int"),
    Symbol("K", "number of attributes", "", "int"),
    Symbol("y", "observed ratings, in stars", "N x M, sparse", "float32"),
    Symbol("u", "user weights", "K x N", "float32 or float64"),
    Symbol("m", "movie loadings", "K x M", "float32 or float64"),
    Symbol("mu", "mean of the training ratings, in stars", "", "float64"),
    Symbol("b", "biases of the users, in stars", "N", "as u"),
    Symbol("c", "biases of the movies, in stars", "M", "as m"),
    Symbol("r", "predictions mu + b_i + c_j + u_i^T m_j, in stars", "N x M, never stored", "as u"),
    Symbol("lambda_u", "ridge on the user weights", "", "float64"),
    Symbol("lambda_m", "ridge on the movie loadings", "", "float64"),
    Symbol("lambda_bias", "ridge on the biases, never scaled by counts", "", "float64"),
    Symbol("p", "power of the row's count that multiplies its ridge", "", "float64"),
    Symbol("L", "the loss: squared errors plus ridge", "", "float64"),
    Symbol("A", "matrix of one row's normal equations", "(K + 1) x (K + 1)", "float64"),
    Symbol("f", "the other side's column with a 1 for the bias: (m_j, 1)", "K + 1", "float64"),
)
