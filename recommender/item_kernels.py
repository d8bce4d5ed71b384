"""The compiled loops of the item-item views: sparse products, Gram matrices, many regressions.

Only the training process imports this module, for it imports numba. `similarity` says what is
worked out and checks what comes in; here stands only how. Sparse matrices come as row starts,
columns and values. A thread owns whole rows of what is filled, so the result
does not depend on their number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange

from recommender.compiling import compiled

_N_ROWS_A_CHUNK = 64


@compiled(parallel=True)
def strongest_of_product(
    left: Any, right: Any, n_columns: int, own: int, columns: Any, values: Any, counts: Any
) -> None:
    """Fill each row with the strongest cells of the product."""
    n_rows = len(counts)
    for chunk in prange((n_rows + _N_ROWS_A_CHUNK - 1) // _N_ROWS_A_CHUNK):
        first = chunk * _N_ROWS_A_CHUNK
        last = min(n_rows, first + _N_ROWS_A_CHUNK)
        _strongest_of_rows(left, right, first, last, n_columns, own, columns, values, counts)


@compiled()
def _strongest_of_rows(
    left: Any,
    right: Any,
    first: int,
    last: int,
    n_columns: int,
    own: int,
    columns: Any,
    values: Any,
    counts: Any,
) -> None:
    left_ends, left_at, left_values = left
    right_ends, right_at, right_values = right
    total = np.zeros(n_columns)
    is_met = np.zeros(n_columns, np.bool_)
    met = np.empty(n_columns, np.int32)
    for i in range(first, last):
        n_met = 0
        for a in range(left_ends[i], left_ends[i + 1]):
            weight, middle = left_values[a], left_at[a]
            for b in range(right_ends[middle], right_ends[middle + 1]):
                j = right_at[b]
                if not is_met[j]:
                    is_met[j] = True
                    met[n_met] = j
                    n_met += 1
                total[j] += weight * right_values[b]
        if own + i >= 0:
            total[own + i] = 0.0
        counts[i] = _keep_strongest(total, met, n_met, columns[i], values[i])
        for a in range(n_met):
            total[met[a]] = 0.0
            is_met[met[a]] = False


@compiled(parallel=True)
def strongest_of_columns(inverse: Any, columns: Any, values: Any, counts: Any) -> None:
    """Fill each row j with the strongest of column j of EASE's B, from the symmetric inverse."""
    for j in prange(len(inverse)):
        counts[j] = _strongest_of_column(inverse, j, columns[j], values[j])


@compiled()
def _strongest_of_column(inverse: Any, j: int, columns: Any, values: Any) -> int:
    m = len(inverse)
    column = np.empty(m)
    met = np.empty(m, np.int32)
    for i in range(m):
        column[i] = -inverse[i, j] / inverse[j, j]
        met[i] = i
    column[j] = 0.0
    return _keep_strongest(column, met, m, columns, values)


@compiled()
def _keep_strongest(total: Any, met: Any, n_met: int, columns: Any, values: Any) -> int:
    """Write the strongest of total at met[:n_met] in ascending order of columns; say how many.

    Of equally strong ones the smaller columns are kept. The order of met is lost.
    """
    n_room = len(columns)
    least = 0.0
    if n_met > n_room:
        sizes = np.empty(n_met)
        for a in range(n_met):
            sizes[a] = abs(total[met[a]])
        least = np.partition(sizes, n_met - n_room)[n_met - n_room]
    n_equal, n_kept = 0, 0
    equal = np.empty(n_met, np.int32)
    for a in range(n_met):
        size = abs(total[met[a]])
        if size > least:
            columns[n_kept] = met[a]
            n_kept += 1
        elif size == least and size > 0:
            equal[n_equal] = met[a]
            n_equal += 1
    n_more = min(n_equal, n_room - n_kept)
    if n_more > 0:
        equal[:n_equal].sort()
        columns[n_kept : n_kept + n_more] = equal[:n_more]
        n_kept += n_more
    columns[:n_kept].sort()
    for a in range(n_kept):
        values[a] = total[columns[a]]
    return n_kept


@compiled(parallel=True)
def add_gram(by_item: Any, by_member: Any, gram: Any) -> None:
    """Add RᵀR, of R by columns and by rows."""
    for i in prange(len(gram)):
        _add_column(by_item, by_member, i, gram[:, i])


@compiled()
def _add_column(by_item: Any, by_member: Any, i: int, column: Any) -> None:
    item_ends, members, own = by_item
    member_ends, items, others = by_member
    for a in range(item_ends[i], item_ends[i + 1]):
        for b in range(member_ends[members[a]], member_ends[members[a] + 1]):
            column[items[b]] += own[a] * others[b]


@compiled()
def mirror(lower: Any) -> None:
    """Copy the lower triangle onto the upper one."""
    for i in range(len(lower)):
        for j in range(i):
            lower[j, i] = lower[i, j]


@compiled(parallel=True)
def regress(
    starts: Any,
    predictors: Any,
    ends: Any,
    members: Any,
    weights: Any,
    regularization: float,
    values: Any,
) -> None:
    """Fill the values of each column's predictors."""
    n_items = len(ends) - 1
    for chunk in prange((n_items + _N_ROWS_A_CHUNK - 1) // _N_ROWS_A_CHUNK):
        first = chunk * _N_ROWS_A_CHUNK
        last = min(n_items, first + _N_ROWS_A_CHUNK)
        _regress_columns(
            starts, predictors, ends, members, weights, regularization, values, first, last
        )


@compiled()
def _regress_columns(
    starts: Any,
    predictors: Any,
    ends: Any,
    members: Any,
    weights: Any,
    regularization: float,
    values: Any,
    first: int,
    last: int,
) -> None:
    is_own = np.zeros(len(weights), np.bool_)
    n_cells = np.zeros(len(weights) + 1, np.int64)
    for j in range(first, last):
        own = predictors[starts[j] : starts[j + 1]]
        if not len(own):
            continue
        for member in members[ends[j] : ends[j + 1]]:
            is_own[member] = True
        system, right = _normal_equations(own, ends, members, weights, is_own, n_cells)
        for p in range(len(own)):
            system[p, p] += regularization
        values[starts[j] : starts[j + 1]] = np.linalg.solve(system, right)
        for member in members[ends[j] : ends[j + 1]]:
            is_own[member] = False


@compiled()
def _normal_equations(
    own: Any, ends: Any, members: Any, weights: Any, is_own: Any, n_cells: Any
) -> Any:
    """Return the weighted Gram matrix of some columns, and their products with is_own.

    n_cells is room for a count a member, zero before and after.
    """
    met, n_met = _met(own, ends, members, n_cells)
    places = np.empty(n_cells[-1], np.int64)  # the columns each member has, one after another
    total = 0
    for a in range(n_met):
        total += n_cells[met[a]]
        n_cells[met[a]] = total  # where the member's cells end; filled from there downwards
    for p in range(len(own) - 1, -1, -1):
        for member in members[ends[own[p]] : ends[own[p] + 1]]:
            n_cells[member] -= 1
            places[n_cells[member]] = p
    system, right = np.zeros((len(own), len(own))), np.zeros(len(own))
    for a in range(n_met):
        begin = n_cells[met[a]]
        end = n_cells[met[a + 1]] if a + 1 < n_met else n_cells[-1]
        weight = weights[met[a]]
        for x in range(begin, end):
            if is_own[met[a]]:
                right[places[x]] += weight
            for y in range(begin, end):
                system[places[x], places[y]] += weight
    for a in range(n_met):
        n_cells[met[a]] = 0
    n_cells[-1] = 0
    return system, right


@compiled()
def _met(own: Any, ends: Any, members: Any, n_cells: Any) -> Any:
    """Count into n_cells how many of the columns each member has, and all in its last place."""
    for item in own:
        n_cells[-1] += ends[item + 1] - ends[item]
    met = np.empty(n_cells[-1], np.int64)
    n_met = 0
    for item in own:
        for member in members[ends[item] : ends[item + 1]]:
            if n_cells[member] == 0:
                met[n_met] = member
                n_met += 1
            n_cells[member] += 1
    return met, n_met
