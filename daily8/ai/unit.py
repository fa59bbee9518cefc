"""Bring vectors that a model gave to length 1, and refuse those that are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from daily8.ai.ports import ProviderFailed, Vectors

DIMENSIONS_MOST = 16_000
"""Of a vector that is kept (``halfvec`` of pgvector)."""


def unit(rows: npt.NDArray[Any], who: str) -> Vectors:
    """Divide each row by its length; gives float32.

    :raises ProviderFailed: for numbers that are none, a row of zeros, which points nowhere, or one too long.
    """
    if rows.shape[1] > DIMENSIONS_MOST:
        raise ProviderFailed(
            f"{who} gave a vector of {rows.shape[1]} numbers, and {DIMENSIONS_MOST} are the most "
            "that are kept; use another model.",
            passing=False,
        )
    wide = rows.astype(np.float64)
    # Numbers near the largest would overflow when they are squared.
    most = np.abs(wide).max(axis=1, keepdims=True, initial=0.0)
    if not np.isfinite(most).all() or (most == 0).any():
        raise ProviderFailed(f"{who} gave a vector of no numbers; use another model.", passing=False)
    wide /= most
    found: Vectors = (wide / np.linalg.norm(wide, axis=1, keepdims=True)).astype(np.float32)
    return found
