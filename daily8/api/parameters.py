"""What a program may ask with."""

from __future__ import annotations

from typing import Annotated

from ninja import Path, Query
from pydantic import StringConstraints

Older = Annotated[
    str | None,
    StringConstraints(pattern="^[0-9]{1,17}-[0-9a-f]{32}$"),
    Query(None, description="Continue a list: the `older` of the page before."),
]
Limit = Annotated[int, Query(24, ge=1, le=100, description="Most that are given.")]
Hex = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$"), Path(description="32 hex digits.")]
Slug = Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,80}$"), Path(description="Name in addresses.")]
Language = Annotated[
    str | None,
    StringConstraints(pattern="^[a-zA-Z]{2,3}$", to_lower=True),
    Query(None, description="ISO 639, such as ar; all languages where absent."),
]
Country = Annotated[
    str | None,
    StringConstraints(pattern="^[a-zA-Z]{2}$", to_upper=True),
    Query(None, description="ISO 3166-1 alpha-2, such as EG; all countries where absent."),
]
