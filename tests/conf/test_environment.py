"""Settings of mailboxes: read from the environment and from files, refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from daily8.conf.environment import Environment, SettingRefused


def test_there_is_none_unless_one_is_named() -> None:
    assert Environment({"DAILY8_MAILBOX_PASSWORD": "x"}).mailboxes() == ()


def test_the_password_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("canary\n")
    variables = {"DAILY8_MAILBOX": "imaps://me@mail.example", "DAILY8_MAILBOX_PASSWORD_FILE": str(file)}
    (box,) = Environment(variables).mailboxes()
    assert (box.user, box.password, box.port) == ("me", "canary", 993)
    assert "canary" not in repr(box)


@pytest.mark.parametrize("address", ["imaps://me@mail.example", "pop3://me:canary@mail.example", "canary"])
def test_what_cannot_be_used_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(SettingRefused) as refused:
        Environment({"DAILY8_MAILBOX": address}).mailboxes()
    said = str(refused.value)
    assert said.endswith(".")
    assert "DAILY8_MAILBOX" in said
    assert "canary" not in said
