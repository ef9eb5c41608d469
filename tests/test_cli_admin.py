"""The admin's half of the command `lti-tool`: sign-in address, presets, pause, delete, deployments, keys, doctor."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select, text

from lti_tool.actions.secrets import conceal, reveal
from lti_tool.app import create_app
from lti_tool.cli import main
from lti_tool.settings import SettingsWrong, load
from lti_tool.store import outbox
from lti_tool.store.db import db, transaction
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.platforms import Deployment, Registration, all_registrations
from lti_tool.store.programme import AuditEntry
from tests import make
from tests.outside import look_again


@pytest.fixture
def upgraded(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Flask]:
    """An installation with a database that is up to date."""
    for name in ("CONFIG_FILE", "MAY_BE_LOCAL", "KEY_STORE", "KEY_SECRETS", "METRICS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TOOL_URL", "https://mentoring.example.edu")
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.setenv("KEY_FOLDER", str(tmp_path / "keys"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    app = create_app(load())
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    app.extensions["queue"].close()


def test_the_printed_address_signs_the_admin_in(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "link"]) == 0

    address = capsys.readouterr().out.strip()
    assert address.startswith("https://mentoring.example.edu/admin/enter?code=")
    client = upgraded.test_client()
    answer = client.post("/admin/enter", data={"code": address.split("code=")[1]}, base_url="https://localhost")
    assert answer.status_code == 303
    assert client.get("/admin/", base_url="https://localhost").status_code == 200


def test_a_preset_needs_only_what_nobody_can_know(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["platforms", "add", "--preset", "brightspace", "--site", "lms.example.edu", "--client-id", "c-1"])

    assert status == 0, capsys.readouterr().err
    (row,) = all_registrations()
    assert (row.issuer, row.family) == ("https://lms.example.edu", "desire2learn")
    assert row.auth_audience == "https://api.brightspace.com/auth/token"


def test_what_a_preset_lacks_is_named(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms", "add", "--preset", "moodle"]) == 2
    assert {"--client-id", "--site"} <= set(re.findall(r"--[a-z-]+", capsys.readouterr().err))
    assert main(["platforms", "add", "--preset", "no-such-lms"]) == 2


def test_an_lms_is_paused_and_resumed(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    number = str(make.setting().registration_id)

    main(["platforms", "pause", number])
    main(["platforms", "list"])
    main(["platforms", "resume", number])
    main(["platforms", "list"])

    states = [line.split("\t")[-1] for line in capsys.readouterr().out.splitlines()]
    assert states == ["paused", "pending"]
    assert main(["platforms", "pause", "4711"]) == 1


def test_deleting_needs_the_name(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    number = str(make.setting().registration_id)

    assert main(["platforms", "delete", number, "--name", "Southfield"]) == 1
    look_again()
    assert len(all_registrations()) == 1
    assert main(["platforms", "delete", number, "--name", "Northfield"]) == 0

    assert "1 courses, 1 programmes" in capsys.readouterr().out
    look_again()
    assert all_registrations() == []


def test_deployments_are_listed_and_decided(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    here = make.setting()
    number = str(here.registration_id)

    assert main(["platforms", "deployments", number, "--refuse", str(here.deployment_id), "--policy", "ask"]) == 0

    assert capsys.readouterr().out.strip().endswith("\t1\trefused")
    look_again()
    assert db.session.scalars(select(Deployment)).one().state == "refused"
    assert not db.session.scalars(select(Registration)).one().accepts_new_deployments
    assert main(["platforms", "deployments", number, "--allow", "4711"]) == 1


def test_the_next_key_is_published_and_does_not_sign_yet(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "rotate"]) == 0
    assert main(["keys", "list"]) == 0

    said = capsys.readouterr().out
    assert "Published key" in said
    assert [line.split("\t")[1] for line in said.splitlines()[1:]] == ["signs", "next"]
    look_again()
    assert db.session.scalars(select(AuditEntry).filter_by(what="keys.rotate")).one().after["through"] == "command line"


def test_keys_in_the_database_are_encrypted(
    upgraded: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("KEY_STORE", "database")
    monkeypatch.setenv("KEY_SECRETS", Fernet.generate_key().decode())
    monkeypatch.setenv("KEY_FOLDER", str(tmp_path / "unused"))

    main(["keys", "rotate"])
    main(["keys", "list"])

    assert "next" in capsys.readouterr().out
    look_again()
    kept = list(db.session.scalars(text("select pem from signing_key")))
    assert len(kept) == 2
    assert not any("PRIVATE" in one for one in kept)
    assert not (tmp_path / "unused").exists()


def test_keys_in_the_database_need_a_secret(upgraded: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for secrets, named in (("", "KEY_SECRETS: must be set"), ("not a key", "KEY_SECRETS: Fernet keys")):
        monkeypatch.setenv("KEY_STORE", "database")
        monkeypatch.setenv("KEY_SECRETS", secrets)
        with pytest.raises(SettingsWrong, match=named):
            load()


def test_the_doctor_says_what_does_not_work(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    make.setting(issuer="http://localhost:9")

    assert main(["doctor"]) == 1

    said = capsys.readouterr().out
    assert "problem keys" in re.sub(r" +", " ", said)
    assert "does not answer" in said


def test_the_doctor_tells_what_last_worked_and_what_last_did_not_with_the_setting(
    upgraded: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    number, at = make.setting(issuer="http://localhost:9").registration_id, datetime(2026, 9, 14, 12, tzinfo=UTC)
    with transaction() as session:
        row = session.get_one(Registration, number)
        row.family, row.last_launch_at, row.refused_at, row.refused_code = "moodle", at, at, "version-refused"
        outbox.enqueue(kind="roster", key="1", lane="1", registration_id=number, payload={}, now=at)
        session.flush()
        session.query(OutboxRow).update({"last_error": "scope-not-granted (HTTP 400)"})

    main(["doctor"])

    said = re.sub(r" +", " ", capsys.readouterr().out)
    assert "last launch 2026-09-14 12:00 UTC" in said
    assert "last roster not yet" in said
    assert "last refusal 2026-09-14 12:00 UTC: This tool speaks LTI 1.3 only." in said
    assert "last error 2026-09-14 12:00 UTC: The learning platform has not given this tool the permission" in said
    assert "IMS LTI Names and Role Provisioning" in said.split("last error")[1].splitlines()[1]


def test_after_encrypting_anew_the_old_secret_can_go_and_everything_is_readable(
    upgraded: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv("KEY_STORE", "database")
    monkeypatch.setenv("KEY_SECRETS", old)
    assert main(["keys", "list"]) == 0
    before = capsys.readouterr().out
    number = managed(conceal("the token", [old]))

    monkeypatch.setenv("KEY_SECRETS", f"{new},{old}")
    assert main(["keys", "encrypt"]) == 0
    monkeypatch.setenv("KEY_SECRETS", new)
    capsys.readouterr()
    assert main(["keys", "list"]) == 0

    assert capsys.readouterr().out == before
    look_again()
    assert reveal(db.session.get_one(Registration, number).management_token or "", [new]) == "the token"


def test_from_the_secret_key_alone_one_comes_to_secrets_of_their_own(
    upgraded: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = Fernet.generate_key().decode()
    number = managed(conceal("the token", load().encryption))

    monkeypatch.setenv("KEY_SECRETS", new)
    assert main(["keys", "encrypt"]) == 0

    look_again()
    assert reveal(db.session.get_one(Registration, number).management_token or "", [new]) == "the token"


def test_what_no_secret_opens_is_named_and_stays_as_it_is(upgraded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    lost = conceal("the token", [Fernet.generate_key().decode()])
    number = managed(lost)

    assert main(["keys", "encrypt"]) == 1

    assert "Northfield" in capsys.readouterr().err
    look_again()
    assert db.session.get_one(Registration, number).management_token == lost


def managed(token: str) -> int:
    """An LMS that gave an address and a token for its registration; its number."""
    number = make.setting().registration_id
    with transaction() as session:
        row = session.get_one(Registration, number)
        row.management_url, row.management_token = f"{make.ISSUER}/registrations/1", token
    return number
