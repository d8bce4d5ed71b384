"""What the catalogue says about items: their likeness, and factors for what nobody has touched.

Owns the way from texts and tags to item-item cosines (`Neighbours`) and, by a ridge regression, to
the rows that factorization would give. Catalogue text only; nothing here ever sees a message. The
training process runs it (scikit-learn and numba are imported when they are used), the bot's
process reads the result.

Legend
------
X       vectors of the items, m by f: TF-IDF, every row of length 1 or 0
Y, k    item factors, and how many
n_i     how many members wanted item i
W       the map, f by k: ridge regression of Y on X, weighted by how well Y is known
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csr_array, hstack

from recommender.neighbours import Neighbours

N_KEPT = 100
REGULARIZATION = 0.2
N_STEPS, ENOUGH = 20, 1e-4  # conjugate gradients end with either, a residual beside the first one
_TAGS, _WORDS, _GRAMS = 1.0, 1.0, 0.5
_GRAM_SIZES = (2, 4)
_N_COMMON, _MAX_SHARE = 1_000, 0.1  # what more items than both allow say tells little, costs most

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def vectorise(texts: Sequence[str], tags: Sequence[Sequence[str]]) -> csr_array:
    """Return X: TF-IDF of tags, words and character n-grams, each row of length 1 or 0.

    NFKC and case folding first. Scripts without spaces (Han, kana) count as words by overlapping
    pairs of characters, so no segmenter is needed. A feature of one item only likens it to no
    other and is left out, as is what more than 1,000 items and more than a tenth of all say.

    Parameters
    ----------
    texts : sequence of str, m
        Title and description, in any language; may be empty.
    tags : sequence of sequences of str, m
        A tag counts as a whole; its words count, too.

    Returns
    -------
    float32 csr_array[m, f]

    Raises
    ------
    ValueError
        Lengths differ.
    """
    if len(texts) != len(tags):
        raise ValueError("texts and tags must have equal lengths")
    folded = [[_fold(tag).strip() for tag in own] for own in tags]
    whole = [f"{_fold(text)} {' '.join(own)}" for text, own in zip(texts, folded, strict=True)]
    runs, names = _counts([_WORD.findall(text) for text in whole])
    blocks = (
        (_TAGS, _counts(folded)[0]),
        (_WORDS, runs @ _counts([_words(name) for name in names])[0]),
        (_GRAMS, runs @ _counts([_grams(name) for name in names])[0]),
    )
    weighed = [weight * _tf_idf(counts) for weight, counts in blocks]
    return _to_length_1(csr_array(hstack(weighed, format="csr", dtype=np.float32)))


def neighbours(vectors: csr_array, *, n_kept: int = N_KEPT) -> Neighbours:
    """Return the cosines of X, for each candidate the strongest; no item is its own neighbour.

    Pruned by candidate (column), not by history item: so an item that resembles nothing much has
    neighbours, too, and every new item can be reached.
    """
    from recommender.similarity import strongest_of_product

    by_candidate = strongest_of_product(vectors, csr_array(vectors.T), n_kept=n_kept)
    return Neighbours.of(by_candidate.T)


def mapped(
    vectors: csr_array,
    rows: NDArray[np.float32],
    degrees: NDArray[np.integer[Any]],
    *,
    regularization: float = REGULARIZATION,
) -> NDArray[np.float32]:
    """Return the factors that the content of each item suggests, X W.

    W minimises Σ_i c_i |y_i - x_i W|² + reg |W|² over the items that somebody wanted, where
    c_i = n_i / (n_i + 1): factors of an item with few events are known poorly. X has a constant
    as well here. By conjugate gradients, N_STEPS at most.

    Parameters
    ----------
    vectors : csr_array[m, f]
        X of all items.
    rows : float32[n, k]
        Y of the first n items, n at most m.
    degrees : int[n]
        n_i.
    regularization : float
        reg, above 0.

    Returns
    -------
    float32[m, k]
        Zeros for all if nothing was ever wanted.

    Raises
    ------
    ValueError
        Lengths do not fit, a value is not finite, or regularization is not above 0.
    """
    if len(rows) != len(degrees) or len(rows) > vectors.shape[0]:
        raise ValueError("rows and degrees must describe the first of the items")
    if not (np.isfinite(regularization) and regularization > 0 and np.isfinite(rows).all()):
        raise ValueError("regularization must be above 0 and rows finite")
    is_known = np.flatnonzero(degrees > 0)
    if not len(is_known):
        return np.zeros((vectors.shape[0], rows.shape[1]), np.float32)
    constant = csr_array(np.ones((vectors.shape[0], 1), np.float32))
    features = csr_array(hstack([vectors, constant], format="csr", dtype=np.float32))
    known = degrees[is_known].astype(np.float32)
    root = np.sqrt(known / (known + 1))
    x = features[is_known]
    x.data *= np.repeat(root, np.diff(x.indptr))
    suggested = features @ _ridge(x, rows[is_known] * root[:, None], regularization)
    return np.asarray(suggested, np.float32)


def extend(
    vectors: csr_array,
    rows: NDArray[np.float32],
    degrees: NDArray[np.integer[Any]],
    view: Neighbours,
    *,
    n_kept: int = N_KEPT,
    regularization: float = REGULARIZATION,
) -> tuple[NDArray[np.float32], Neighbours]:
    """Return what a fitted model needs to know items that were added after the fit.

    Parameters
    ----------
    vectors : csr_array[m, f]
        X of the whole catalogue as it is now, the new items last.
    rows, degrees
        Of the n items the model knows, as in `mapped`.
    view : Neighbours
        Of these n items.

    Returns
    -------
    new_rows : float32[m - n, k]
    view : Neighbours
        Of all m items: what it was, with each new item beside those it resembles most, both ways.

    Raises
    ------
    ValueError
        As `mapped`, or the view is not of n items.
    """
    from recommender.similarity import strongest_of_product

    n = len(rows)
    if len(view) != n:
        raise ValueError("view must be of as many items as rows")
    suggested = mapped(vectors, rows, degrees, regularization=regularization)[n:]
    if vectors.shape[0] == n:
        return suggested, view
    new = strongest_of_product(vectors[n:], csr_array(vectors.T), n_kept=n_kept, offset=n)
    among, beside = new[:, n:], new[:, :n]
    whole = block_array([[view.to_matrix(), beside.T], [beside, among.maximum(among.T)]])
    return suggested, Neighbours.of(whole)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _words(run: str) -> list[str]:
    """Return a run of letters as a word; of scripts without spaces, its pairs of characters."""
    words = [part for part in _HAN.sub(" ", run).split() if len(part) > 1]
    for match in _HAN.findall(run):
        words += [match[i : i + 2] for i in range(max(1, len(match) - 1))]
    return words


def _grams(run: str) -> list[str]:
    """Return the character n-grams of a run, its ends marked."""
    text = run if _HAN.fullmatch(run) else f" {run} "
    smallest, largest = _GRAM_SIZES
    return [text[i : i + n] for n in range(smallest, largest + 1) for i in range(len(text) - n + 1)]


def _counts(documents: Sequence[Sequence[str]]) -> tuple[csr_array, NDArray[np.str_]]:
    """Return how often each document says each term, and the terms in order."""
    from sklearn.feature_extraction.text import CountVectorizer

    if not any(documents):
        return csr_array((len(documents), 0), dtype=np.float32), np.empty(0, np.str_)
    counter = CountVectorizer(analyzer=_as_it_is, dtype=np.float32)
    counts = csr_array(counter.fit_transform(documents))
    return counts, counter.get_feature_names_out()


def _as_it_is(terms: Sequence[str]) -> Sequence[str]:
    return terms


def _tf_idf(counts: csr_array) -> csr_array:
    """Return the weights of the terms that tell items apart, rows of length 1 or 0."""
    from sklearn.feature_extraction.text import TfidfTransformer

    n_items = counts.shape[0]
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    most = max(_N_COMMON, _MAX_SHARE * n_items)
    kept = counts[:, np.flatnonzero((spread > 1) & (spread <= most))]
    if not kept.shape[1]:
        return kept
    return csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(kept))


def _to_length_1(vectors: csr_array) -> csr_array:
    length = np.sqrt(np.asarray(vectors.power(2).sum(1), np.float64).reshape(-1))
    vectors.data /= np.repeat(np.where(length > 0, length, 1), np.diff(vectors.indptr))
    vectors.sort_indices()
    return vectors


def _ridge(x: csr_array, y: NDArray[np.float32], regularization: float) -> NDArray[np.float32]:
    """Return W float32[f, k], the solution of (XᵀX + reg I) W = XᵀY, a column of Y at a time."""
    transposed = csr_array(x.T)
    residual = transposed @ y
    solved, direction = np.zeros_like(residual), residual.copy()
    size = first = _squares(residual)
    for _ in range(N_STEPS):
        image = transposed @ (x @ direction) + np.float32(regularization) * direction
        curved = np.einsum("ij,ij->j", direction, image)
        step = np.divide(size, curved, out=np.zeros_like(size), where=curved > 0)
        solved += step * direction
        residual -= step * image
        size, before = _squares(residual), size
        if (size <= ENOUGH**2 * first).all():
            break
        ratio = np.divide(size, before, out=np.zeros_like(size), where=before > 0)
        direction = residual + ratio * direction
    return np.asarray(solved, np.float32)


def _squares(columns: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.einsum("ij,ij->j", columns, columns))
