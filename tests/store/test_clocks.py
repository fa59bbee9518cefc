"""After a pause nothing bursts, and after a wrong clock nothing waits for ever."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from daily8.news.schedule import Manners
from daily8.pipeline.upkeep import Pulse, settle
from daily8.store import clocks, hosts, sources
from daily8.store.models import Errand, Host, Poll, Source
from tests.store.conftest import NOW, new_source

LEASE = timedelta(minutes=3)
HOUR = timedelta(hours=1)
MANNERS = Manners()


def found(number: int, overdue: timedelta) -> None:
    """Add sources on hosts of their own that are due for some time."""
    wanted = [new_source(f"paper{n:03}") for n in range(number)]
    sources.add(wanted, due={source.key: NOW - overdue for source in wanted})


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "window"), [(4, 2.0), (100, 50.0), (1300, 600.0)])
def test_hosts_that_are_long_overdue_are_spread(number: int, window: float) -> None:
    found(number, 5 * HOUR)
    settle(NOW, MANNERS)
    times = sorted(at for at in Host.objects.values_list("next_at", flat=True) if at)
    assert (times[0] - NOW).total_seconds() == 0
    assert window * (1 - 2 / number) <= (times[-1] - NOW).total_seconds() < window
    gaps = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert max(gaps) <= window / number * 1.01 + 1e-3
    assert len(hosts.claim(NOW, lease=LEASE)) == 1
    settle(NOW, MANNERS)  # a second worker starts, and changes nothing
    assert list(Host.objects.exclude(claim_token=None).values_list("next_at", flat=True)) == times[:1]


@pytest.mark.django_db
def test_what_is_just_due_or_in_hand_is_left_alone() -> None:
    found(3, timedelta(seconds=30))
    before = list(Host.objects.order_by("name").values())
    settle(NOW, MANNERS)
    assert list(Host.objects.order_by("name").values()) == before
    hosts.claim(NOW, lease=LEASE)
    before = list(Host.objects.order_by("name").values())
    settle(NOW + timedelta(minutes=2), MANNERS)
    assert list(Host.objects.order_by("name").values()) == before


@pytest.mark.django_db
def test_what_a_wrong_clock_put_out_of_reach_comes_back() -> None:
    found(10, HOUR)
    later = NOW + timedelta(days=3650)
    Poll.objects.update(next_at=later, fetched_at=later, gone_since=later, pressed_at=later, whole_at=None)
    Host.objects.update(next_at=later, quiet_until=later, claimed_until=later)
    hosts.send(Errand.Kind.PAGE, {Source.objects.all()[0].id: "paper000.example"}, later)
    settle(NOW, MANNERS)
    for poll in Poll.objects.all():
        assert poll.next_at is not None
        assert NOW + HOUR <= poll.next_at <= NOW + 2 * HOUR
        assert poll.why == {"code": "clock", "seconds": 0}
        assert (poll.fetched_at, poll.gone_since, poll.pressed_at, poll.whole_at) == (NOW, NOW, NOW, None)
    assert len(set(Poll.objects.values_list("next_at", flat=True))) == 10
    assert Errand.objects.get().due_at == NOW + HOUR
    for host in Host.objects.all():
        assert host.next_at is not None
        assert host.quiet_until is not None
        assert host.claimed_until is not None
        assert max(host.next_at, host.quiet_until, host.claimed_until) <= NOW + 2 * HOUR
    assert hosts.claim(NOW, lease=LEASE) == []
    assert hosts.claim(NOW + 2 * HOUR, lease=LEASE) != []


@pytest.mark.django_db
def test_what_lies_within_the_rules_is_not_touched() -> None:
    found(3, HOUR)
    far = NOW + timedelta(days=7.5)
    Poll.objects.update(next_at=far, fetched_at=NOW - HOUR)
    Host.objects.update(next_at=far, quiet_until=NOW + timedelta(days=1))
    hosts.send(Errand.Kind.HUB, {Source.objects.all()[0].id: "paper000.example"}, NOW + timedelta(days=60))
    before = (list(Poll.objects.values()), list(Host.objects.values()), list(Errand.objects.values()))
    assert clocks.mend(NOW, furthest=timedelta(days=7.7), anew=HOUR, lease=LEASE) == 0
    settle(NOW - timedelta(hours=2), MANNERS)  # a clock that was set back makes nothing early
    after = (list(Poll.objects.values()), list(Host.objects.values()), list(Errand.objects.values()))
    assert [row["next_at"] for row in after[0]] == [row["next_at"] for row in before[0]]
    assert after[1:] == before[1:]


def test_a_jump_of_the_clock_is_noticed() -> None:
    pulse = Pulse()
    assert not pulse.jumped(NOW, 100.0)
    assert not pulse.jumped(NOW + timedelta(seconds=400), 500.0)
    assert pulse.jumped(NOW + timedelta(hours=2), 501.0)
    assert not pulse.jumped(NOW + timedelta(hours=2, seconds=5), 506.0)
    assert pulse.jumped(NOW, 511.0)
