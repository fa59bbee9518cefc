"""The sentences that the machine writes down of its fetches, said in the locale.

They are stored in English. Here each is known again by its form; one that is not is shown as it stands,
marked as English.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from daily8.news import wording

_SECONDS = {"second": 1, "minute": wording.MINUTE, "hour": wording.HOUR, "day": wording.DAY}

FORMS: tuple[str, ...] = (
    # why the next try is when it is
    _("This source has lately published about every {span}."),
    _("The last fetch brought news, so the source is asked sooner: every {span}."),
    _("The last fetch brought nothing new, so the source is asked less often: every {span}."),
    _("A source is not asked more often than every {span}."),
    _("A source is asked at least every {span}."),
    _("The publisher says that its answer stays fresh for {span} (Cache-Control)."),
    _("The publisher says that its answer stays fresh for {span} (Expires)."),
    _("The feed asks to be fetched every {span} (ttl)."),
    _("News of this source is sent to us as it appears (WebSub), so it is asked only every {span}."),
    _("The publisher asked to wait for {span} (Retry-After)."),
    _("The feed says that it does not change before then (skipHours)."),
    _("The feed says that it does not change before then (skipDays)."),
    _("The publisher said that it is asked too much; the next try is in {span}."),
    _("The site said of several sources that it is asked too much, so it rests for {span}."),
    _("The publisher's server failed; the next try is in {span}."),
    _("The publisher's server did not answer; the next try is in {span}."),
    _("The site does not answer, so nothing is asked of it for {span}."),
    _("This address cannot be fetched as it stands; the next try is in {span}."),
    _("What came was not a feed; the next try is in {span}."),
    _("The publisher refuses us this address; the next try is in {span}."),
    _("There is nothing at this address now; the next try is in {span}."),
    _("The publisher's server does not serve this request; the next try is in {span}."),
    _("The publisher says that this address is gone; it is asked once more in {span}."),
    _("The publisher said twice, a day apart, that this address is gone: it is asked no more."),
    _("Many sites of this network were being asked; the next try is in {span}."),
    _("The clock of this service was wrong, so the next try was set anew."),
    # why no answer came
    _("This is not an address of the web that can be fetched; it must begin with http:// or https://."),
    _("This address does not belong to the public web, so it is not fetched."),
    _("No site of this name could be found; check the spelling, or try again later."),
    _("The site refused the connection; it may be down, so try again later."),
    _("The site could not be reached; try again later."),
    _("The site's certificate or encryption is not in order, so nothing was fetched."),
    _("The site did not answer in full within {number} seconds; try again later."),
    _("The site sent its answer too slowly; try again later."),
    _("The answer is larger than {number} MB, the most that is fetched."),
    _("The site broke off before its answer was complete; try again later."),
    _("The address leads on from place to place without end; use the address of the final page."),
    _("The site wants what is sent to it at another address; use that one."),
    _("Many sites of the same provider are being asked at the moment; try again later."),
    _("The site's answer could not be understood; try again later."),
    _("What is there is not a picture that can be shown (JPEG, PNG, WebP, GIF or AVIF)."),
    _("The site answered with the status {number} instead of what was asked for."),
    # what a server answered
    _("The publisher asks for a password at this address (HTTP {number})."),
    _("The publisher asks for payment at this address (HTTP {number})."),
    _("The publisher refuses us this address (HTTP {number})."),
    _("There is nothing at this address (HTTP {number})."),
    _("The publisher says that this address is gone for good (HTTP {number})."),
    _("The publisher says that it is asked too often (HTTP {number})."),
    _("The publisher may not show this address for legal reasons (HTTP {number})."),
    _("The publisher's server is not available at the moment (HTTP {number})."),
    _("The publisher's server failed (HTTP {number})."),
    _("The publisher's server answered without the document (HTTP {number})."),
    _("The publisher's server gave an answer that cannot be used (HTTP {number})."),
    # why no hub sends news
    _("The hub took the request and has not confirmed it yet."),
    _("The hub refused the request (HTTP {number})."),
    _("The hub will not send the news of this source."),
    _("The hub will not send the news of this source, saying: {words}"),
    # how mailboxes are
    _("The mail server {name} refused the user or the password."),
    _("The mail server {name} did not answer in time."),
    _("The mail server {name} broke off before its answer was complete."),
    _("What the mail server {name} said could not be understood."),
    _("The mail server {name} sends more than is read."),
    _("The mail server {name} lets nobody in at the moment."),
    _("The mail server {name} takes no password on this connection."),
    _(
        "The mail server {name} offers no encryption; use imaps://, or imap+plain:// "
        "where nobody else can listen."
    ),
    _("The mail server {name} does not number its mails."),
    _("The mail server {name} does not say which mails there are."),
    _("There is no folder {folder} in the mailbox at {name}."),
    _("A mail could not be read at the moment; it is tried again."),
    _("A mail could not be read in three visits, so it was passed over."),
    _("A mail of a newsletter that waits was too large to be kept."),
    _("There is no more room for newsletters that wait: accept some, or leave some alone."),
    _("Daily8 failed on what came back; this is an error of ours, and the log has the details."),
    _("{place} has a certificate or an encryption that is not in order."),
    _("{place} did not answer within {number} seconds."),
    _("{place} has a name that cannot be found."),
    _("{place} cannot be reached; see whether it runs."),
    _("{place} broke off before its answer was complete."),
    _("There is nothing to read in this mail."),
    _("This mail is an invitation or a report."),
    _("This newsletter waits for an editor's word."),
    # why a document was not taken
    _("The document is empty."),
    _("This is a web page, not a feed."),
    _("What came is a web page, not a feed; its publisher may have moved the feed or given it up."),
    _("This is a list of subscriptions (OPML), not a feed."),
    _("The feed breaks off before its first entry is complete."),
    _("This document is larger than {number} MB, too large for a feed."),
    _("This document is packed, and its packing is broken."),
    _("This looks like JSON, but it is broken or breaks off."),
    _("The feed is too damaged to be read."),
    _("This is JSON, but not a JSON Feed."),
    _("This is a document of another kind ({name}), not a feed."),
    _("This is plain text or something else, not a feed."),
    _("The publisher's robots.txt asks programs not to read this page, so the feed's own text is shown."),
    _("Articles of this source are only linked to, so their pages are not read."),
    # watched pages and sitemaps
    _("The publisher's robots.txt asks programs not to read this page, so it is not watched."),
    _("The publisher's robots.txt could not be read, so the page waits."),
    _("No link of this page is like the pattern of its articles; the pattern can be changed."),
    _("This part of a sitemap index is an index itself, and is not followed."),
    _("No part of this sitemap index lies on its own site and holds news."),
    _("{number} links of the page are like this."),
    _("{number} of them stand in headings."),
    _("{number} other links look like articles too."),
    _("The page calls itself an article, not a list."),
    # why a pattern cannot be used
    _("The pattern is longer than {number} characters."),
    _("The pattern of links must begin with /, such as /news/*."),
    _("The pattern of links holds a space or a character that cannot be seen."),
    _("The pattern of links needs a * or a #, for what differs from article to article."),
    _("The pattern of links has more than {number} wildcards."),
    _("Two wildcards stand side by side; ** may only stand at the end, after a slash."),
    _("The place on the page must be tags, .classes and #ids, such as main .list."),
    _("The least number of words must be from 0 to {number}."),
    # what the quality gate says of a page
    _("Text, title and time found."),
    _("The text is the feed's own."),
    _("The text was taken by the rules of this site."),
    _("The rules of this site found no text on this page."),
    _("The rules of this site say that short texts are whole."),
    _("The page is empty."),
    _("This is no web page."),
    _("An error page, not an article."),
    _("A cookie or robot wall, not an article."),
    _("A page that lists articles, not an article."),
    _("No text found."),
    _("The text is too short to be an article."),
    _("Behind a paywall: only the beginning is here."),
    _("Readers are asked to subscribe or sign in for the rest."),
    _("Truncated: {number} of {total} words are here."),
    _("Truncated: the publisher states a longer text than the page shows."),
    _("Truncated: the text breaks off."),
    _("Short: perhaps not the whole article."),
    _("No title found."),
    _("No time of publication found."),
    _("A video page."),
    _("A podcast page."),
    _("A gallery page."),
    _("A text page."),
    _("A live page."),
    _("A video page with little text."),
    _("A podcast page with little text."),
    _("A gallery page with little text."),
    _("A live page with little text."),
    # why rules of a site cannot be used
    _("The site must be a name such as news.example."),
    _("The path must begin with a slash, such as /sport/, and hold no space."),
    _("Rules have no field called {name}."),
    _("There are more than {number} lines in one field."),
    _("There are more than {number} selectors in all."),
    _("Either the page's text or the feed's can win, not both."),
    _("The rules of this site that are stored cannot be read: save them anew first."),
    _("A selector is longer than {number} characters."),
    _("The selector {words} cannot be read; it may hold tags, .classes, #ids, [attributes] and >."),
    _("A form of texts is longer than {number} characters."),
    _("A form of texts holds a character that cannot be seen."),
    _("A form of texts needs at least {number} letters beside its *."),
    _("There is no flag called {name}."),
    _("A file of site rules is longer than {number} characters."),
    _("This is no TOML: {words}."),
    _("A file of site rules begins with the line: {words}."),
    _("Each site stands in a section of its own: [[site]]."),
    _("A file of site rules names more than {number} sites."),
    _("What {name} says of {words} must be a list of texts."),
    _("The page that was kept is damaged."),
    # why something cannot be done to a story
    _("A story cannot be merged into itself."),
    _("The story was merged into another."),
    _("None of these articles is in the story."),
    _("Nothing would be left of the story."),
    _("There is no such story."),
    _("The headline is longer than {number} characters."),
    _("This is no address of a story or an article of this site."),
    _("As stories stand, this makes no sense."),
    _("This failed again and again by an error of ours; the log of the worker says more."),
)
_FIELDS = {
    "span": r"(?P<span>[0-9.]+) (?P<unit>second|minute|hour|day)s?",
    "number": r"(?P<number>[0-9.]+)",
    "total": r"(?P<total>[0-9]+)",
    "name": r"(?P<name>[^()]{1,60})",
    "folder": r"(?P<folder>.{1,60})",
    "place": r"(?P<place>[a-z]{4,10}://[^\s/]{1,80})",
    "words": r"(?P<words>.{1,300})",
}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, _pattern(form)) for form in FORMS)


def _pattern(form: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", form)
    text = "".join(_FIELDS[piece] if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    return re.compile(text, re.IGNORECASE)


def known(sentence: str) -> tuple[str, dict[str, str]] | None:
    """Give the form of a stored sentence and what fills it; ``None`` for one that is not known."""
    whole = sentence if sentence.endswith(".") else f"{sentence}."
    for form, pattern in _patterns():
        if found := pattern.fullmatch(whole):
            return form, found.groupdict()
    return None


def said(sentence: str) -> tuple[str, str]:
    """Say a stored sentence in the locale being spoken; give it with the language that it is now in."""
    locale = get_language() or "en"
    found = known(sentence)
    if found is None:
        return sentence, "en"
    form, values = found
    if "unit" in values:
        values["span"] = wording.span(float(values["span"]) * _SECONDS[values["unit"].lower()], locale)
    if "number" in values:
        values["number"] = wording.digits(values["number"], locale)
    if "total" in values:
        values["total"] = wording.digits(values["total"], locale)
    return gettext(form).format(**values), locale
