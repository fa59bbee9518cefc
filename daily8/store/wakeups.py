"""Ask workers to look for work: a job carries nothing, and stands in the queue once."""

from __future__ import annotations

from functools import partial

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def wake(task: str) -> None:
    """Ask for a run of ``task``; nothing happens where one is already waiting.

    Belongs at the end of the transaction that makes the work: the index of waiting jobs is contended.
    """
    try:
        with transaction.atomic():
            app.configure_task(task, queue=task, queueing_lock=task, allow_unknown=True).defer()
    except AlreadyEnqueued:
        pass


def wake_after(task: str) -> None:
    """Ask for a run of ``task`` once the transaction of today is over: no lock is held while the index waits.

    A wake-up that is lost then is made good by the next tick.
    """
    transaction.on_commit(partial(wake, task), robust=True)


def prune() -> int:
    """Delete jobs that ended badly or whose worker is gone; give their number. Their work stays due."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM procrastinate_jobs
            WHERE status IN ('failed', 'cancelled', 'aborted') OR (status = 'doing' AND worker_id IS NULL)
            """
        )
        return int(cursor.rowcount)
