"""Stored pictures are served for ever; a missing one is asked for and stands as a plain colour until then."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.test import Client

from daily8.store.models import Errand, Picture
from tests.newsroom import Newsroom


def test_a_stored_picture(client: Client, newsroom: Newsroom, media: Path) -> None:
    picture = newsroom.picture(newsroom.articles[0], media=media)
    response = client.get(f"/media/{picture.id.hex}/320")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.body[8:12] == b"WEBP"  # type: ignore[attr-defined]
    again = client.get(f"/media/{picture.id.hex}/320", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    assert again["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.head(f"/media/{picture.id.hex}/640").status_code == 200


def test_a_missing_picture_is_asked_for(client: Client, newsroom: Newsroom, media: Path) -> None:
    picture = newsroom.picture(newsroom.articles[0])
    Picture.objects.filter(id=picture.id).update(colour="#3a6ea5")
    assert not Errand.objects.filter(subject=picture.id).exists()
    response = client.get(f"/media/{picture.id.hex}/640")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "no-store"
    assert b'fill="#3a6ea5"' in response.content
    assert Errand.objects.filter(subject=picture.id).count() == 1
    client.get(f"/media/{picture.id.hex}/640")
    assert Errand.objects.filter(subject=picture.id).count() == 1


def test_a_hostile_colour_is_not_drawn(client: Client, newsroom: Newsroom, media: Path) -> None:
    picture = newsroom.picture(newsroom.articles[0])
    Picture.objects.filter(id=picture.id).update(colour='"/><a')
    assert b'fill="none"' in client.get(f"/media/{picture.id.hex}/640").content


def test_an_unknown_picture(client: Client, db: None, media: Path) -> None:
    response = client.get(f"/media/{uuid.uuid4().hex}/640")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")
    assert not Errand.objects.exists()


def test_names_cannot_lead_out_of_the_folder(client: Client, db: None, media: Path) -> None:
    (media.parent / "secret").write_text("secret")
    for path in ("/media/../secret/640", "/media/..%2f..%2fsecret/640", f"/media/{'a' * 32}/../../secret"):
        assert client.get(path).status_code == 404


def test_other_forms_of_the_address(client: Client, newsroom: Newsroom, media: Path) -> None:
    picture = newsroom.picture(newsroom.articles[0], media=media)
    response = client.get(f"/media/{picture.id}/320")
    assert (response.status_code, response["Location"]) == (301, f"/media/{picture.id.hex}/320")
    assert client.get(f"/ar/media/{picture.id.hex}/320").status_code == 404
