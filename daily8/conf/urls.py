"""Every address of the site. Pages stand under a locale's prefix, the default one having none."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, register_converter

from daily8.web.addresses import Edition, Hex32
from daily8.web.views import (
    about,
    articles,
    console,
    health,
    home,
    media,
    newsletters,
    publishers,
    reading,
    sources,
    steering,
    stories,
    story_desk,
    watched,
    websub,
)

register_converter(Hex32, "hex32")
register_converter(Edition, "edition")

urlpatterns = [
    path("media/<hex32:picture>/<int:width>", media.media, name="media"),
    path("websub/<hex32:subscription>/<str:token>", websub.callback, name="websub"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("daily8.api.urls")),
    path("robots.txt", about.robots, name="robots"),
    path("favicon.ico", about.favicon, name="favicon"),
    *i18n_patterns(
        path("", home.home, name="home"),
        path("edition/world", home.world, name="world"),
        path("edition/<edition:edition>", home.edition, name="edition"),
        path("article/<hex32:article>", articles.article, name="article"),
        path("article/<hex32:article>/history", articles.history, name="history"),
        path("article/<hex32:article>/history/<int:number>", articles.history, name="version"),
        path("stories/<hex32:story>", stories.story, name="story"),
        path("publisher/<str:slug>", publishers.publisher, name="publisher"),
        path("sources", sources.sources, name="sources"),
        path("source/<hex32:source>", sources.source, name="source"),
        path("about", about.about, name="about"),
        path("about/fetching", about.fetching, name="fetching"),
        path("manifest.webmanifest", about.manifest, name="manifest"),
        path("accounts/", include("allauth.account.urls")),
        path("console/", console.overview, name="console"),
        path("console/sources", console.sources, name="console-sources"),
        path("console/sources/<hex32:source>", watched.watched, name="console-watched"),
        path("console/sources/<hex32:source>/steer", steering.steer, name="console-steer"),
        path("console/sources/<hex32:source>/rights", steering.rights, name="console-rights"),
        path("console/sources/<hex32:source>/weight", steering.weight, name="console-weight"),
        path("console/newsletters", newsletters.newsletters, name="console-newsletters"),
        path("console/newsletters/<hex32:source>", newsletters.decide, name="console-newsletter"),
        path("console/reading", reading.reading, name="console-reading"),
        path("console/reading/rules", reading.file, name="console-rules"),
        path("console/reading/site/<str:domain>", reading.site, name="console-site"),
        path("console/stories", story_desk.listing, name="console-stories"),
        path("console/stories/pair", story_desk.pair, name="console-pair"),
        path("console/stories/<hex32:story>", story_desk.story, name="console-story"),
        prefix_default_language=False,
    ),
]

handler400 = "daily8.web.views.errors.bad_request"
handler403 = "daily8.web.views.errors.forbidden"
handler404 = "daily8.web.views.errors.not_found"
handler500 = "daily8.web.views.errors.server_error"
