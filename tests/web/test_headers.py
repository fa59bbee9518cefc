"""What stands on every answer: the policy, no cookie for the anonymous, validators."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.db import connection, transaction
from django.test import Client

from daily8.store.models import Article
from daily8.web.jinja import asset

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' https:; "
    "frame-src https://www.youtube-nocookie.com https://player.vimeo.com; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
STATIC = Path(conf.STATICFILES_DIRS[0])
PATHS = [
    "/",
    "/ar/",
    "/edition/world",
    "/edition/eg-ar",
    "/article/{article}",
    "/ar/article/{article}",
    "/article/00000000000000000000000000000000",
    "/publisher/the-harbour-post",
    "/sources",
    "/source/{source}",
    "/about",
    "/ar/about/fetching",
    "/manifest.webmanifest",
    "/robots.txt",
    "/favicon.ico",
    "/livez",
    "/readyz",
    "/nothing/here",
    "/ar/nothing",
    "/en/about",
    "/static/css/base.css",
    "/static/nothing.css",
    "/media/00000000000000000000000000000000/640",
    "/console/",
]


@pytest.mark.parametrize("path", PATHS)
def test_the_policy_stands_and_no_cookie_is_set(client: Client, article: Article, path: str) -> None:
    response = client.get(path.format(article=article.id.hex, source=article.source_id.hex))
    expected = "default-src 'none'; sandbox" if path.startswith("/media") else POLICY
    assert response["Content-Security-Policy"] == expected
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Robots-Tag"].startswith("noindex")
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("path", [path for path in PATHS if "static" not in path and "media" not in path])
def test_nothing_is_inline_or_comes_from_elsewhere(client: Client, article: Article, path: str) -> None:
    response = client.get(path.format(article=article.id.hex, source=article.source_id.hex), follow=True)
    if not response["Content-Type"].startswith("text/html"):
        return
    page = response.content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=\"/static/)", page)
    assert "csrfmiddlewaretoken" not in page or "/accounts/" in response.request["PATH_INFO"]
    for address in re.findall(r'<(?:script|link|img|source|iframe)[^>]*?\s(?:src|href)="([^"]*)"', page):
        assert address.startswith("/") or 'rel="canonical"' in page, address


def test_a_public_site_may_be_found_but_not_its_articles(
    client: Client, article: Article, settings: object
) -> None:
    settings.VISIBILITY = "public"  # type: ignore[attr-defined]
    assert "X-Robots-Tag" not in client.get("/").headers
    assert "noindex" not in client.get("/").content.decode()
    response = client.get(f"/article/{article.id.hex}")
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_a_failure_of_ours_bears_the_policy_too(client: Client, db: None) -> None:
    client.raise_request_exception = False
    for path, words in (("/sources", "Something went wrong on our side"), ("/ar/sources", "حدث خطأ لدينا")):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE store_source RENAME TO elsewhere")
            response = client.get(path)
            transaction.set_rollback(True)
        assert response.status_code == 500
        assert response["Content-Security-Policy"] == POLICY
        assert words in response.content.decode()
        assert "store_source" not in response.content.decode()


def test_an_answer_to_an_unknown_host_bears_the_policy(client: Client) -> None:
    response = client.get("/about", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response["Content-Security-Policy"] == POLICY
    assert "evil.example" not in response.content.decode()


def test_static_files_named_by_their_content_are_kept_for_ever(client: Client) -> None:
    named = client.get(asset("css/base.css"))
    assert named["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in client.get("/static/css/base.css")["Cache-Control"]


def test_fonts_are_there_with_their_licences() -> None:
    css = (STATIC / "css" / "base.css").read_text()
    fonts = set(re.findall(r'url\("\.\./fonts/([^?"]+)\?v=1"\)', css))
    assert fonts == {file.name for file in (STATIC / "fonts").glob("*.woff2")}
    for font in fonts:
        assert list((STATIC / "fonts").glob(f"{'-'.join(font.split('-')[:1])}*.LICENSE.txt")), font
    base = (Path(conf.TEMPLATES[0]["DIRS"][0]) / "base.html").read_text()
    for name in re.findall(r"fonts/([\w-]+\.woff2)", base):
        assert name in fonts


def test_what_is_sent_is_small() -> None:
    import gzip

    def weight(folder: str) -> int:
        return sum(len(gzip.compress(file.read_bytes(), 9)) for file in (STATIC / folder).glob(f"*.{folder}"))

    assert weight("css") <= 25_000
    assert weight("js") <= 30_000


def test_each_static_file_that_a_template_names_is_there() -> None:
    templates = Path(conf.TEMPLATES[0]["DIRS"][0])
    named = set()
    for file in templates.rglob("*.html"):
        named |= set(re.findall(r'asset\("([^"]+)"\)', file.read_text()))
    assert named
    for name in named:
        assert (STATIC / name).is_file()
