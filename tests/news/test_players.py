"""What plays a film or an episode, and where it is only linked to."""

from __future__ import annotations

import pytest

from daily8.news.embeds import embed_at
from daily8.news.players import Player, lead, of_embed
from daily8.news.types import Embed, Enclosure, Paragraph

ID = "dQw4w9WgXcQ"
TUBE = f"https://www.youtube-nocookie.com/embed/{ID}?autoplay=1&rel=0"
MP3 = "https://radio.example/7.mp3"
MP4 = "https://tv.example/7.mp4"
HLS = "https://tv.example/live/7.m3u8"


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.youtube.com/watch?v={ID}",
        f"https://m.youtube.com/watch?app=desktop&v={ID}&t=42s",
        f"https://music.youtube.com/watch?v={ID}&list=RD",
        f"http://youtu.be/{ID}?si=x",
        f"https://www.youtube.com/shorts/{ID}",
        f"https://www.youtube.com/live/{ID}?feature=share",
        f"//www.youtube.com/embed/{ID}?start=3",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        f"https://www.youtube.com/v/{ID}?version=3",
        f"https://www.youtube.com/e/{ID}",
    ],
)
def test_every_form_of_an_address_of_youtube(address: str) -> None:
    embed = embed_at(address, "https://paper.example/")
    assert embed is not None
    assert (embed.provider, embed.id) == ("youtube", ID)
    player = of_embed(embed)
    assert player is not None
    assert (player.form, player.source, player.provider) == ("frame", TUBE, "youtube")


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/subscribers",
        "https://www.youtube.com/embed/videoseries?list=PLabcdefghijklmnop",
        "https://www.youtube.com/embed/live_stream?channel=UCabcdefghijklmnop",
        "https://www.youtube.com/@harbourpost",
        "https://www.youtube.com/playlist?list=PLabcdefghijklmnop",
        "https://vimeo.com/categories",
        "https://vimeo.com/12345678901234567890",
    ],
)
def test_what_is_no_film(address: str) -> None:
    assert embed_at(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://vimeo.com/76979871",
        "https://player.vimeo.com/video/76979871?h=1#t=0",
        "https://vimeo.com/channels/staff-picks/76979871",
        "https://vimeo.com/groups/name/videos/76979871",
        "https://vimeo.com/album/123/video/76979871",
        "https://vimeo.com/76979871/0123456789",
    ],
)
def test_every_form_of_an_address_of_vimeo(address: str) -> None:
    embed = embed_at(address)
    assert embed is not None
    player = of_embed(embed)
    assert player is not None
    assert player.source == "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"


@pytest.mark.parametrize(
    ("provider", "url", "form"),
    [
        ("video", MP4, "video"),
        ("video", HLS, "stream"),
        ("audio", MP3, "audio"),
        ("video", MP4.replace("https", "http"), "link"),
        ("video", "javascript:alert(1)", None),
        ("video", "https://[", None),
        ("x", "https://x.com/i/status/1", None),
        ("link", "https://paper.example/", None),
    ],
)
def test_what_plays_an_embed(provider: str, url: str, form: str | None) -> None:
    player = of_embed(Embed(provider, url))
    assert (player.form if player else None) == form
    assert player is None or bool(player.source) == (form != "link")


def test_a_frame_has_no_other_id_than_a_film_s() -> None:
    player = of_embed(Embed("youtube", "https://www.youtube.com/watch?v=x", id='"><script>'))
    assert player is None


def test_an_episode_is_played_by_its_file() -> None:
    files = (
        Enclosure("https://radio.example/7.jpg", "image/jpeg"),
        Enclosure(MP3.replace("https", "http"), "audio/mpeg", duration=60),
        Enclosure(MP3, "audio/mpeg", duration=60),
    )
    assert lead("podcast", "https://radio.example/7", files, ()) == Player(
        "audio", MP3, MP3, type="audio/mpeg", duration=60
    )
    assert lead("podcast", "https://radio.example/7", (), ()) is None


def test_of_several_sizes_the_best_that_is_not_too_heavy() -> None:
    def best(*sizes: tuple[str, str, int]) -> str:
        files = [Enclosure(f"https://tv.example/{name}", kind, bitrate=rate) for name, kind, rate in sizes]
        player = lead("video", "https://tv.example/7", files, ())
        assert player is not None
        return player.url.rpartition("/")[2]

    assert best(("a", "video/mp4", 300), ("b", "video/mp4", 2500), ("c", "video/mp4", 9000)) == "b"
    assert best(("a", "video/quicktime", 2500), ("b", "video/mp4", 300)) == "b"
    assert best(("a", "video/mp4", 9000), ("b", "video/mp4", 5000)) == "b"
    assert best(("a.mp3", "audio/mpeg", 0), ("b", "video/mp4", 300)) == "b"
    assert best(("a.m3u8", "application/x-mpegurl", 0), ("b", "video/mp4", 300)) == "b"


def test_a_film_is_its_own_address_then_a_file_then_the_first_in_its_text() -> None:
    blocks = (Paragraph("x"), Embed("audio", MP3), Embed("youtube", "https://youtu.be/" + ID, id=ID))
    own = lead("video", "https://vimeo.com/76979871", (Enclosure(MP4, "video/mp4"),), blocks, 90)
    assert own is not None
    assert (own.provider, own.duration, own.block) == ("vimeo", 90, None)
    file = lead("video", "https://tv.example/7", (Enclosure(MP4, "video/mp4"),), blocks)
    assert file is not None
    assert (file.source, file.block) == (MP4, None)
    inside = lead("video", "https://tv.example/7", (), blocks, 75)
    assert inside is not None
    assert (inside.source, inside.block, inside.duration) == (TUBE, 2, 75)
    spoken = lead("podcast", "https://tv.example/7", (), blocks)
    assert spoken is not None
    assert (spoken.source, spoken.block) == (MP3, 1)
    assert lead("text", "https://tv.example/7", (), blocks) is None
    assert lead("text", f"https://youtu.be/{ID}", (), ()) is None


def test_a_file_without_a_type_is_known_by_its_name() -> None:
    player = lead("podcast", "https://radio.example/7", (Enclosure(MP3),), ())
    assert player is not None
    assert player.form == "audio"
    player = lead("video", "https://radio.example/7", (Enclosure(HLS, "application/vnd.apple.mpegurl"),), ())
    assert player is not None
    assert player.form == "stream"
