"""Ask workers to look for work: a job carries nothing, and stands in the queue once."""

from __future__ import annotations

from django.db import transaction
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
