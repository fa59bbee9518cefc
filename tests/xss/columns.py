"""Which columns hold nothing that a stranger wrote; all others must hold payloads when pages are tried."""

from __future__ import annotations

from django.db import models

TEXTUAL = (models.CharField, models.TextField, models.JSONField)

OURS: dict[str, str] = {
    "Publisher.country": "two letters; a country that is none has no name",
    "Source.host": "a host name, checked",
    "Source.way": "one of three words of ours",
    "Source.ai": "one of three words of ours",
    "Source.interests": "of the packaged catalogue; shown nowhere",
    "Entry.digest": "a digest",
    "EdgeBlock.mark": "a digest",
    "EdgeBlock.domain": "a host name, checked",
    "EdgeBlock.recipe": "a word of ours",
    "RepeatedBlock.mark": "a digest",
    "RepeatedBlock.domain": "a host name, checked",
    "RepeatedBlock.recipe": "a word of ours",
    "SiteRules.domain": "a host name, checked",
    "KeptPage.domain": "a host name, checked",
    "KeptPage.verdict": "one of three words of ours",
    "Revision.kind": "one of a few words of ours",
    "Revision.digest": "a digest",
    "Revision.recipe": "a word of ours",
    "Article.quality": "a number, and reasons and names of ours",
    "TimedText.kind": "one of two words of ours",
    "TimedText.recipe": "a word of ours",
    "Site.name": "scheme and host of an address, checked",
    "Picture.colour": "seven characters, too few to do harm",
    "Picture.widths": "numbers",
    "Picture.recipe": "a word of ours",
    "ArticlePicture.recipe": "a word of ours",
    "PublisherIcon.recipe": "a word of ours",
    "Reader.password": "a hash",
    "Reader.role": "one of four words of ours",
    "Host.network": "a setting",
    "Poll.why": "the code of a reason, and numbers",
    "Poll.hints": "numbers",
    "Fetch.why": "the code of a reason, and numbers",
    "Fetch.via": "one of four words of ours",
    "Errand.kind": "one of four words of ours",
    "Errand.verdict": "one of two words of ours",
    "Delivery.kind": "one of three words of ours",
    "Delivery.url": "where a document came from; shown nowhere",
    "Delivery.headers": "of an answer; shown nowhere",
    "Subscription.state": "one of five words of ours",
    "Subscription.token": "made by us",
}
"""By table and column: why no payload stands there."""
