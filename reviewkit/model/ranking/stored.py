"""Features as plain arrays and back, so that they can be kept in a file (`numpy.savez`) and need no second reading."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reviewkit.model.ranking.features import Features
from reviewkit.model.ranking.latent import Axes

_VERSION = 1  # to be raised when features are computed in another way


def to_arrays(features: Features) -> dict[str, NDArray[Any]]:
    """Return the features as arrays by name; none holds Python objects."""
    return {
        "version": np.array(_VERSION),
        "words": np.frombuffer("\n".join(features.words).encode(), dtype=np.uint8),
        "idf": features.idf,
        "data": features.rows.data,
        "indices": features.rows.indices,
        "indptr": features.rows.indptr,
        "axis_columns": features.axes.columns,
        "axis_loadings": features.axes.loadings,
        "axis_centre": features.axes.centre,
        "latent": features.latent,
        "years": features.years,
        "year_scale": np.array([features.mean_year, features.deviation]),
    }


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Features | None:
    """Return the features again; None where another version computed them, or something is missing."""
    try:
        if int(arrays["version"]) != _VERSION:
            return None
        text = arrays["words"].tobytes().decode()
        words = tuple(text.split("\n")) if text else ()
        years = arrays["years"]
        shape = (len(years), 2 * len(words))
        rows = sparse.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        axes = Axes(arrays["axis_columns"], arrays["axis_loadings"], arrays["axis_centre"])
        mean, deviation = arrays["year_scale"].tolist()
        return Features(words, arrays["idf"], rows, axes, arrays["latent"], years, mean, deviation)
    except (KeyError, ValueError):
        return None
