"""The addresses of the interface: ``include("daily8.api.urls")`` under ``api/v1/``."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

import daily8
from daily8.api import answers, articles, publishers, sources, stories
from daily8.store.paging import BadPage


class _Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}  # noqa: RUF012 - as the library declares it


api = NinjaAPI(
    title="Daily8",
    version=daily8.__version__,
    description="What the pages show, as JSON. Times are RFC 3339. An error is an object with one sentence.",
    docs_url=None,  # its page would load scripts of a third party
    urls_namespace="api",
    renderer=_Renderer(),
    servers=[{"url": settings.SITE_URL}],
)
api.add_router("/articles", articles.router)
api.add_router("/publishers", publishers.router)
api.add_router("/sources", sources.router)
api.add_router("/stories", stories.router)
for _raised in (Exception, ValidationError, answers.Missing, BadPage):
    api.add_exception_handler(_raised, answers.explain)


def _patterns() -> list[URLPattern]:
    """Give the interface's own addresses with its manners, and an answer for all others below it."""
    made = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
    for pattern in made:
        pattern.callback = answers.faced(pattern.callback)
    named = [pattern for pattern in made if pattern.name != "api-root"]
    nothing = answers.faced(answers.nothing_here)
    return [*named, path("", nothing, name="api-root"), re_path("", nothing)]


app_name = "api"
urlpatterns = _patterns()
