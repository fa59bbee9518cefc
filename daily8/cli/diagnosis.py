"""What `daily8 doctor` looks at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from daily8.cli.output import Refused
from daily8.cli.start import database, settings, unmade

Level = Literal["right", "note", "wrong"]
_LEAST_FREE = 0.05
_LATE = 900.0
"""Seconds by which work may be late before something is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    subject: str
    detail: str
    todo: str = ""

    def plain(self) -> dict[str, Any]:
        """Give the finding for JSON."""
        return asdict(self)


def examine() -> list[Finding]:
    """Look at settings, folders, the database, work and models."""
    try:
        settings(signs=False)
    except Refused as refused:
        return [Finding("wrong", "settings", str(refused))]
    findings = [*_settings(), *_mailboxes(), *_machine(), *_embedders()]
    if unmade():
        findings.append(Finding("note", "database", "It is made at the first start.", "daily8 run"))
        return findings
    try:
        with database():
            findings += [*_database(), *_work(), *_vectors()]
    except Refused as refused:
        findings.append(Finding("wrong", "database", str(refused)))
    return findings


def _settings() -> Iterator[Finding]:
    from django.conf import settings as configured

    yield Finding("right", "address", configured.SITE_URL)
    yield Finding("right", "visibility", configured.VISIBILITY)
    from daily8 import wiring

    try:
        egress = wiring.egress()
    except ValueError as error:
        yield Finding("wrong", "egress", str(error))
        return
    for name, (address, port) in egress.hosts.items():
        yield Finding(
            "note",
            "egress.hosts",
            f"{name} leads to {address}:{port}, past the guard.",
            "This is for replay, demo and tests only; unset DAILY8_EGRESS_HOSTS elsewhere.",
        )
    for host, port in sorted(egress.private):
        yield Finding("note", "egress.private", f"{host}:{port} may be fetched though it is private.")
    if configured.SPEED != 1:
        yield Finding(
            "note", "speed", f"Publishers are asked {configured.SPEED:g} times faster than in life."
        )
    if configured.VISIBILITY == "public" and "localhost" in configured.SITE_URL:
        yield Finding("wrong", "address", "A public site needs its address.", "Set DAILY8_SITE_URL.")


def _mailboxes() -> Iterator[Finding]:
    """See whether each mailbox lets us in."""
    from daily8 import wiring
    from daily8.net.mailbox import MailboxFailed, count

    post = wiring.post()
    for box in post.boxes:
        place = f"{box.host}:{box.port}/{box.folder}"
        try:
            number = count(box, post.reach(box.url))
            yield Finding("right", "mailbox", f"{place} answers and holds {number} mails.")
        except MailboxFailed as failure:
            yield Finding("wrong", "mailbox", str(failure), "See DAILY8_MAILBOX and DAILY8_MAILBOX_PASSWORD.")
        if box.security == "plain":
            yield Finding("note", "mailbox", f"{place} is read without encryption.")


def _machine() -> Iterator[Finding]:
    import pyexpat

    from django.conf import settings as configured

    from daily8.ai import models
    from daily8.net.cage import Cage

    usage = shutil.disk_usage(configured.DATA if configured.DATA.exists() else configured.DATA.parent)
    free = usage.free / usage.total
    yield Finding(
        "right" if free > _LEAST_FREE else "wrong",
        "disk",
        f"{usage.free / 1e9:.1f} GB free ({free:.0%}) under {configured.DATA}.",
        "" if free > _LEAST_FREE else "Make room, or lower DAILY8_PICTURES_LIMIT.",
    )
    with Cage(workers=1) as cage:
        weak = cage.weaknesses()
    for weakness in weak:
        yield Finding("note", "cage", weakness)
    if not weak:
        yield Finding(
            "right", "cage", "Documents are parsed in children without network, limited and killable."
        )
    yield Finding("right", "expat", pyexpat.EXPAT_VERSION)
    try:
        found = models.installed("minilm", configured.DATA / "models")
        yield Finding("right", "model", f"minilm is installed in {found.folder}.")
    except models.ModelNotInstalled:
        yield Finding(
            "note",
            "model",
            "minilm is not installed; search goes by words only.",
            "daily8 models install minilm",
        )


def _embedders() -> Iterator[Finding]:
    """See whether each provider of embeddings opens and answers."""
    from daily8 import wiring
    from daily8.ai.models import ModelNotInstalled
    from daily8.ai.ports import ProviderFailed
    from daily8.ai.registry import UnknownProvider

    names = wiring.embedders()
    if not names:
        yield Finding("note", "embedder", "Nothing is embedded: EMBEDDER is off.")
    for name in names:
        try:
            embedder = wiring.embedder(name)
            embedder.embed(["news"])
        except (ModelNotInstalled, ProviderFailed, UnknownProvider) as problem:
            yield Finding("wrong", "embedder", str(problem), "See EMBEDDER in docs/operate.md.")
        else:
            speaks = ", ".join(sorted(embedder.languages)) if embedder.languages else "any language"
            yield Finding("right", "embedder", f"{embedder.recipe.key} answers, for {speaks}.")


def _vectors() -> Iterator[Finding]:
    """Say how far embedding is."""
    from daily8.store import vectors

    seen = vectors.progress()
    if not seen.wanted and not seen.cause:
        return
    wanted, serving = (" and ".join(names) for names in (seen.wanted, seen.serving))
    said = (
        f"{seen.done} of {seen.articles} articles embedded by {wanted or 'nothing yet'}, {seen.aside} aside"
    )
    if wanted != serving:
        said += f"; {serving} serve until they are"
    if seen.cause:
        todo = "It goes on by itself once that is mended; a worker that is started tries at once."
        yield Finding("wrong", "vectors", f"{said}. {seen.cause}", todo)
    else:
        yield Finding("right" if wanted == serving else "note", "vectors", f"{said}.")


def _database() -> Iterator[Finding]:
    from django.conf import settings as configured

    from daily8.store import engine, readers

    kind = "embedded" if configured.EMBEDDED else "by DATABASE_URL"
    yield Finding("right", "database", f"PostgreSQL {engine.version()}, {kind}, tables up to date.")
    if not readers.any_admin():
        yield Finding(
            "note",
            "accounts",
            "Nobody can open the console.",
            "daily8 user create you@example.org --role admin",
        )


def _work() -> Iterator[Finding]:
    from daily8 import wiring
    from daily8.store.overview import overview

    now = wiring.now()
    seen = overview(now)
    yield Finding(
        "right" if seen.sources else "note",
        "sources",
        f"{seen.sources} sources of {seen.publishers} publishers, {seen.failing} failing; "
        f"{seen.articles} articles, {seen.pictures} pictures.",
        "" if seen.sources else "daily8 sources starter --country EG --lang ar",
    )
    for stage in seen.stages:
        late = (now - stage.oldest_due_at).total_seconds() if stage.oldest_due_at else 0.0
        stuck = stage.due > 0 and late > _LATE
        yield Finding(
            "wrong" if stuck else "right",
            f"stage {stage.stage}",
            f"{stage.due} due, {stage.waiting} for later, {stage.in_hand} in hand, {stage.aside} set aside"
            + (f"; the oldest is {late / 60:.0f} minutes late." if stuck else "."),
            "Is a worker running? `daily8 work` starts one." if stuck else "",
        )
    yield from _fronts(seen.fronts_at, seen.fronts_seconds, now)
    if os.geteuid() == 0:
        yield Finding("note", "user", "Running as root; an ordinary user is enough.")


def _fronts(at: datetime | None, seconds: float, now: datetime) -> Iterator[Finding]:
    if at is None:
        yield Finding("note", "front pages", "They were never worked out; a worker does so every minute.")
        return
    late = (now - at).total_seconds()
    yield Finding(
        "right" if late <= _LATE else "wrong",
        "front pages",
        f"Worked out {late / 60:.0f} minutes ago, in {seconds:.2f} s.",
        "" if late <= _LATE else "Is a worker running? `daily8 work` starts one.",
    )
