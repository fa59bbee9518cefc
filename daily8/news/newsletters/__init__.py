"""Read newsletters: mail that is sent to many, told from mail that is nobody else's business."""

from __future__ import annotations

from dataclasses import dataclass

from daily8.news.newsletters import body, messages
from daily8.news.newsletters.addressee import Addressee
from daily8.news.newsletters.envelope import SHARED, Envelope, NotANewsletter, read_envelope
from daily8.news.storing import storable
from daily8.news.types import Entry, Feed

__all__ = ["SHARED", "Envelope", "Newsletter", "NotANewsletter", "as_feed", "read_envelope", "read_message"]


@dataclass(frozen=True, slots=True)
class Newsletter:
    """One issue of a newsletter, cleaned of whom it was sent to."""

    envelope: Envelope
    subject: str
    content: str
    """Sanitised HTML: links of the web only, no tracking pictures, no footer."""
    url: str | None
    """Its page on the web, where it has one of its own."""
    image: str | None
    """Address of its first large picture."""
    language: str | None


def read_message(raw: bytes) -> Newsletter:
    """Read an issue of a newsletter.

    What of it names the addressee (addresses of ``To``, ``Cc``, ``Delivered-To`` and their like, also within
    links), leads to leaving the list or reports the opening of the mail is taken out.

    :raises NotANewsletter: with one plain clause, for other mail and for one without text or picture.
    """
    envelope = read_envelope(raw)
    message = messages.read(raw)
    if message.types & {"text/calendar", "message/delivery-status"}:
        raise NotANewsletter("this mail is an invitation or a report")
    addressee = Addressee(envelope.addressees, envelope.names)
    found = body.from_html(message.html, addressee) if message.html.strip() else None
    if found is None or not body.says_something(found.content):
        text = body.from_text(message.text, addressee)
        found = text if text.content or found is None else found
    if not body.says_something(found.content):
        raise NotANewsletter("there is nothing to read in this mail")
    web = body.page_address(envelope.web, addressee) or found.web
    return storable(
        Newsletter(
            envelope=envelope,
            subject=addressee.uncalled(addressee.forget(envelope.subject).strip()) or envelope.title,
            content=found.content,
            url=None if body.same_page(web, envelope.archive) else web,
            image=found.image,
            language=envelope.language or found.language or None,
        )
    )


def as_feed(issue: Newsletter) -> Feed:
    """Give an issue as a feed of one entry, which stands under its Message-ID."""
    envelope = issue.envelope
    return Feed(
        kind="mail",
        title=envelope.title,
        home=envelope.archive or None,
        language=issue.language,
        entries=(
            Entry(
                id=envelope.id,
                url=issue.url,
                title=issue.subject,
                published=envelope.date,
                content=issue.content,
                language=issue.language,
                image=issue.image,
            ),
        ),
    )
