"""Bring newsletters from mailboxes: visit, tell newsletters from other mail, record.

The stage *fetch* then reads what is due, as it reads what hubs push.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from daily8.net import mailbox
from daily8.net.cage import Caged
from daily8.net.mailbox import Mail, MailboxAddress, MailboxFailed, Visit
from daily8.net.outside import Outside
from daily8.net.trusted import Trusted
from daily8.news.language import primary
from daily8.news.newsletters import SHARED, Envelope, NotANewsletter
from daily8.pipeline import documents
from daily8.pipeline.threads import StoreThreads
from daily8.store import mailboxes
from daily8.store.mailboxes import Issue, MailboxState
from daily8.store.sources import NewSource

PACE = timedelta(minutes=10)
"""Between two visits to a mailbox."""
MORE = timedelta(minutes=1)
"""Until the next visit where newer mails stand there still."""
REFUSED = timedelta(hours=4)
"""Until the next visit after a refused password: more tries may lock the account."""
LONGEST = timedelta(hours=24)
LEASE = timedelta(minutes=15)
"""Longer than a visit with all that follows."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """The operator's mailboxes and what holds for them; made by `daily8.wiring`."""

    boxes: Sequence[MailboxAddress]
    reach: Callable[[str], Trusted]
    """Makes the client of an endpoint."""
    trusting: bool = False
    """Whether a newsletter that nobody confirmed is read."""
    vouched_by: str = ""
    """The mail server whose ``Authentication-Results`` newsletters need; empty for none."""


async def drain(world: Outside, store: StoreThreads, post: Post) -> int:
    """Visit the mailboxes that are due, one after the other; give the number of mails that were kept."""
    boxes = {box.name: box for box in post.boxes}
    now = world.now()
    due = await store(mailboxes.claim, boxes, now, until=now + LEASE) if boxes else []
    return sum([await _visit(world, store, post, boxes[state.name], state) for state in due])


async def _visit(
    world: Outside, store: StoreThreads, post: Post, box: MailboxAddress, state: MailboxState
) -> int:
    place = box.name.rpartition("@")[2]
    try:
        found = await mailbox.avisit(box, post.reach(box.url), uidvalidity=state.uidvalidity, uid=state.uid)
    except MailboxFailed as error:
        now = world.now()
        log.warning("mail.failed", mailbox=place, cause=str(error))
        wait = _patience(state.failures, refused=error.refused)
        await store(mailboxes.fail, state, str(error), now=now, next_at=now + wait)
        return 0
    read = [await _issue(world, post, box, mail) for mail in found.mails]
    issues = [issue for issue in read if issue is not None]
    now = world.now()
    taken = await store(
        mailboxes.record,
        state,
        issues,
        uidvalidity=found.uidvalidity,
        uid=found.uid,
        cause=found.cause,
        trusting=post.trusting,
        now=now,
        next_at=now + _wait(found, state, world.chance()),
    )
    log.info(
        "mail.visited",
        mailbox=place,
        mails=len(found.mails),
        due=taken.due,
        waiting=taken.waiting,
        large=found.large,
    )
    return taken.due + taken.waiting


def _wait(found: Visit, state: MailboxState, chance: float) -> timedelta:
    if found.cause:
        return _patience(state.failures)
    return (MORE if found.more else PACE) * (1 + 0.1 * chance)


def _patience(failures: int, *, refused: bool = False) -> timedelta:
    """Give the wait after one failure more: twice the last, a day at most."""
    return min((REFUSED if refused else PACE) * (1 << min(failures, 10)), LONGEST)


async def _issue(world: Outside, post: Post, box: MailboxAddress, mail: Mail) -> Issue | None:
    """Make an issue of a mail; ``None`` for one that is no newsletter: it is forgotten here."""
    try:
        envelope = await world.cage.acall(documents.read_envelope, mail.raw, post.vouched_by)
    except (NotANewsletter, Caged):
        return None
    # As the last server on the way would note (RFC 9228): nothing of the owner is to be shown.
    raw = b"Delivered-To: " + box.owner.encode("utf-8", "replace") + b"\r\n" + mail.raw
    return Issue(source(world, envelope), envelope.id, raw)


def source(world: Outside, envelope: Envelope) -> NewSource:
    """Say what is known of the source of a newsletter, by the headers of one of its mails.

    Its key holds the sender's domain: who forges the name of a list is another newsletter.
    """
    domain = world.domain(envelope.site)
    key = f"mail:{domain}/{envelope.name}"
    return NewSource(
        url=key,
        key=key,
        host=f"mail:{domain}",  # of no site's manners: nothing is asked there
        publisher_domain=f"{domain}/{envelope.name}" if domain in SHARED else domain,
        publisher_name=envelope.sender_name or envelope.title,
        title=envelope.title,
        home=envelope.archive,
        language=primary(envelope.language),
        format="mail",
        way="mail",
    )
