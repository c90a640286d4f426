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
    fields = page_fields(len(entries), query.page, query.per_page)
    start = (query.page - 1) * query.per_page
    return entries[start : start + query.per_page], fields


def page_fields(total: int, page: int, per_page: int, linked: bool = True) -> dict[str, Any]:
    """Return the fields of `api.schemas.Page` but the data version; without links where not `linked`.

    Raises
    ------
    OutOfRange
        There is no such page.
    """
    pages = max(1, -(-total // per_page))
    if page > pages:
        raise OutOfRange(
            es=f"No hay página {page}; la última es la {pages}.",
            en=f"There is no page {page}; the last one is {pages}.",
            field="page",
            value=page,
            minimum=1,
            maximum=pages,
        )
    return {
        "total": total,
        "page": page,
        "per_page": per_page,
        "pages": pages,
        "links": _links(page, pages) if linked else None,
    }


def _links(page: int, pages: int) -> Links:
    return Links(
        self=_address(page),
        first=_address(1),
        previous=_address(page - 1) if page > 1 else None,
        next=_address(page + 1) if page < pages else None,
        last=_address(pages),
    )


def _address(page: int) -> str:
    """Return this request's address with another page."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{request.path}?{urlencode([*kept, ('page', page)])}"
