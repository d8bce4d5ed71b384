"""How loops are compiled, everywhere: one decorator, which also works where nothing may be written.

Only what the training process alone imports imports this module: it imports numba (0.3 s and
100 MB, and once for an installation some seconds to compile).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(**options: Any) -> Callable[[Function], Function]:
    """Return a decorator that compiles a function at its first call, from the disk's cache if any.

    numba keeps its cache beside the file or in the home directory, and refuses to compile with one
    where it may write to neither: there the function is compiled again by each process.

    Parameters
    ----------
    options
        numba's: ``parallel``, ``nogil``, ``fastmath``, ``error_model``.
    """

    def decorate(function: Function) -> Function:
        try:
            return cast(Function, njit(cache=True, **options)(function))
        except RuntimeError:
            return cast(Function, njit(**options)(function))

    return decorate
