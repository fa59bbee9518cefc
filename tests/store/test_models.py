import pytest
from daily8.store.models import Reader


@pytest.mark.django_db
def test_addresses_are_time_ordered() -> None:
    first = Reader.objects.create_user("a@example.org")
    second = Reader.objects.create_user("b@example.org")
    assert first.id.version == 7
    assert first.id < second.id
