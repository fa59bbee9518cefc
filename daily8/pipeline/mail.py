"""Bring newsletters from mailboxes: visit, tell newsletters from other mail, record.

The stage *fetch* then reads what is due, as it reads what hubs push.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
BUSY = "A mail could not be read at the moment; it is tried again."
OURS = "Daily8 failed on what came back; this is an error of ours, and the log has the details."

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
    kept = 0
    for _ in boxes:
        now = world.now()
        state = await store(mailboxes.claim, boxes, now, until=now + LEASE)
        if state is None:
            break
        try:
            kept += await _visit(world, store, post, boxes[state.name], state)
        except Exception as error:
            # Of the error neither words nor values are logged: a password may be among them.
            last = traceback.extract_tb(error.__traceback__)[-1]
            where, kind = f"{last.filename}:{last.lineno}", type(error).__name__
            place = _place(boxes[state.name])
            log.error("error_of_ours", mailbox=place, error=kind, where=where)  # noqa: TRY400 - see above
            await _failed(world, store, state, OURS)
    return kept


def _place(box: MailboxAddress) -> str:
    return box.name.rpartition("@")[2]


async def _failed(
    world: Outside,
    store: StoreThreads,
    state: MailboxState,
    cause: str,
    *,
    refused: bool = False,
    stuck: bool = False,
) -> None:
    now = world.now()
    wait = _patience(state.failures, refused=refused)
    await store(mailboxes.fail, state, cause, now=now, next_at=now + wait, stuck=stuck)


async def _visit(
    world: Outside, store: StoreThreads, post: Post, box: MailboxAddress, state: MailboxState
) -> int:
    try:
        found = await mailbox.avisit(
            box, post.reach(box.url), uidvalidity=state.uidvalidity, uid=state.uid, stuck=state.stuck
        )
    except MailboxFailed as error:
        log.warning("mail.failed", mailbox=_place(box), cause=str(error))
        await _failed(world, store, state, str(error), refused=error.refused, stuck=error.stuck)
        return 0
    found, issues = await _read(world, post, box, found, state.stuck)
    now = world.now()
    taken = await store(
        mailboxes.record,
        state,
        issues,
        uidvalidity=found.uidvalidity,
        uid=found.uid,
        cause=found.cause,
        stuck=found.stuck,
        trusting=post.trusting,
        now=now,
        next_at=now + _wait(found, state, world.chance()),
    )
    log.info(
        "mail.visited",
        mailbox=_place(box),
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


async def _read(
    world: Outside, post: Post, box: MailboxAddress, found: Visit, stuck: int
) -> tuple[Visit, list[Issue]]:
    """Make issues of mails, in turn; give the visit as far as that went, and them.

    It ends at a mail for which there was no parser at the moment, unless that was so too often.
    """
    issues: list[Issue] = []
    for number, mail in enumerate(found.mails):
        try:
            issue = await _issue(world, post, box, mail)
        except Caged as error:
            log.warning("mail.unread", mailbox=_place(box), cause=error.reason)
            if number == 0 and stuck + 1 >= mailbox.TRIES:
                found = replace(found, cause=found.cause or mailbox.PASSED)
                continue
            read = found.mails[:number]
            found = replace(found, uid=mail.uid - 1, mails=read, more=True, cause=BUSY, stuck=True)
            break
        if issue is not None:
            issues.append(issue)
    return found, issues


async def _issue(world: Outside, post: Post, box: MailboxAddress, mail: Mail) -> Issue | None:
    """Make an issue of a mail; ``None`` for one that is no newsletter: it is forgotten here.

    :raises Caged: where it may be read another time.
    """
    # As the last server on the way would note (RFC 9228): nothing of the owner is to be shown.
    note = "".join(f"Delivered-To: {owner}\r\n" for owner in box.owners)
    raw = note.encode("utf-8", "replace") + mail.raw
    try:
        envelope = await world.cage.acall(documents.read_envelope, raw, post.vouched_by)
    except NotANewsletter:
        return None
    except Caged as error:
        if error.passing:
            raise
        return None
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
