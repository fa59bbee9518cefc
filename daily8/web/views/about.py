"""What this is, and how it behaves towards publishers; the app's manifest; what robots may do."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from daily8.news.schedule import Manners
from daily8.news.wording import direction
from daily8.web.pages import page
from daily8.web.request import Request


@require_safe
def about(request: Request) -> HttpResponseBase:
    """Tell what Daily8 is."""
    return page(request, "about/about.html")


@require_safe
def fetching(request: Request) -> HttpResponseBase:
    """Tell publishers who fetches, how, and how to be left out: the page that our User-Agent names."""
    own = f"{settings.SITE_URL}/about/fetching"
    contact = "" if own == settings.CONTACT else settings.CONTACT
    return page(request, "about/fetching.html", {"manners": Manners(), "contact": contact})


@require_safe
@cache_control(public=True, max_age=86_400)
def manifest(request: Request) -> HttpResponseBase:
    """Describe the app to browsers that can install it (W3C Web Application Manifest)."""
    home = reverse("home")
    icons = [
        {"src": static("icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("icons/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("icons/maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    return JsonResponse(
        {
            "id": "/",
            "name": "Daily8",
            "short_name": "Daily8",
            "description": gettext("News from publishers all over the world, in English and Arabic."),
            "lang": request.locale,
            "dir": direction(request.locale),
            "start_url": home,
            "scope": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#ffffff",
            "categories": ["news"],
            "icons": icons,
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: Request) -> HttpResponseBase:
    """Say what robots may read (RFC 9309): nothing of a private site, no accounts and no console of any."""
    closed = (
        ["/"]
        if settings.VISIBILITY == "private"
        else ["/accounts/", "/console/", "/*/accounts/", "/*/console/"]
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: Request) -> HttpResponseBase:
    """Give the icon to those who ask at the address of old."""
    path = settings.STATICFILES_DIRS[0] / "icons" / "favicon.ico"
    return HttpResponse(path.read_bytes(), content_type="image/x-icon")
