"""Lists in pages, with links to the pages around."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from api.schemas import Links, PagedQueryString
from recommender.domain import OutOfRange

T = TypeVar("T")


def page_of(entries: Sequence[T], query: PagedQueryString) -> tuple[Sequence[T], dict[str, Any]]:
    """Cut the page asked for out of `entries`.

    Returns
    -------
    tuple of (sequence, dict)
        The page's entries, and the fields of `api.schemas.Page` but the data version.

    Raises
    ------
    OutOfRange
        There is no such page.
    """
    pages = max(1, -(-len(entries) // query.per_page))
    if query.page > pages:
        raise OutOfRange(
            es=f"No hay página {query.page}; la última es la {pages}.",
            en=f"There is no page {query.page}; the last one is {pages}.",
            field="page",
            value=query.page,
            minimum=1,
            maximum=pages,
        )
    start = (query.page - 1) * query.per_page
    links = Links(
        self=_address(query.page),
        first=_address(1),
        previous=_address(query.page - 1) if query.page > 1 else None,
        next=_address(query.page + 1) if query.page < pages else None,
        last=_address(pages),
    )
    fields = {
        "total": len(entries),
        "page": query.page,
        "per_page": query.per_page,
        "pages": pages,
        "links": links,
    }
    return entries[start : start + query.per_page], fields


def _address(page: int) -> str:
    """Return this request's address with another page."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{request.path}?{urlencode([*kept, ('page', page)])}"
