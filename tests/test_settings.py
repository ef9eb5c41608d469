"""The configuration: defaults, a file, the environment; everything that is wrong is named at once."""

from pathlib import Path

import pytest

from lti_tool.settings import Settings, SettingsWrong, load

SECRET = "s" * 40


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment with only what an installation must say, in a folder of its own."""
    for name in Settings.__annotations__:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("CONFIG_FILE", raising=False)
    monkeypatch.setenv("TOOL_URL", "https://mentoring.example.edu/")
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.chdir(tmp_path)


def problems(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[str]:
    """What is said about this environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsWrong) as caught:
        load()
    return caught.value.problems


def test_an_address_and_a_secret_are_enough(tmp_path: Path) -> None:
    settings = load()

    assert settings.tool_url == "https://mentoring.example.edu"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/peer-mentoring.db"
    assert (settings.session_hours, settings.cookie_partitioned, settings.may_be_local) == (8, True, False)


def test_without_them_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems(monkeypatch, TOOL_URL="", SECRET_KEY="")

    assert [line.split(":")[0] for line in found] == ["TOOL_URL", "SECRET_KEY"]


def test_everything_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems(
        monkeypatch,
        TOOL_URL="http://mentoring.example.edu",
        DATABASE_URL="mysql://somewhere",
        SECRET_KEY="short",
        TIME_ZONE="Europe",
        SESSION_HOURS="many",
        COOKIE_PARTITIONED="perhaps",
        LOG_LEVEL="LOUD",
    )

    text = "\n".join(found)
    for name in (
        "TOOL_URL",
        "DATABASE_URL",
        "SECRET_KEY",
        "TIME_ZONE",
        "SESSION_HOURS",
        "COOKIE_PARTITIONED",
        "LOG_LEVEL",
    ):
        assert name in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOOL_URL", "mentoring.example.edu"),
        ("TOOL_URL", "https://mentoring.example.edu/tool"),
        ("TOOL_URL", "https://[mentoring"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://"),
        ("TIME_ZONE", ""),
        ("CONTENTS_DIR", "/no/such/folder"),
        ("TIME_ZONE", "../Berlin"),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "25"),
        ("SESSION_HOURS", "1.5"),
    ],
)
def test_a_wrong_value_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert name in " ".join(problems(monkeypatch, **{name: value}))


def test_the_environment_wins_over_a_file_and_a_file_over_defaults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "institution.toml"
    file.write_text('session_hours = 4\ntime_zone = "Europe/Berlin"\n')
    monkeypatch.setenv("CONFIG_FILE", str(file))
    monkeypatch.setenv("SESSION_HOURS", "2")

    settings = load()

    assert (settings.session_hours, settings.time_zone, settings.log_level) == (2, "Europe/Berlin", "INFO")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("sesion_hours = 4", "sesion_hours"),
        ("session_hours = ", "institution.toml"),
        ('session_hours = "four"', "SESSION_HOURS"),
        ("may_be_local = 1", "MAY_BE_LOCAL"),
        ("time_zone = 1", "TIME_ZONE"),
        (f'secret_key = "{SECRET}"', "SECRET_KEY"),
    ],
)
def test_a_wrong_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "institution.toml"
    file.write_text(text)

    assert word in " ".join(problems(monkeypatch, CONFIG_FILE=str(file)))


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nowhere.toml" in " ".join(problems(monkeypatch, CONFIG_FILE="nowhere.toml"))


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_way_to_write_postgresql_is_understood(monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{prefix}me:secret@host/name")

    assert load().database_url == "postgresql+psycopg://me:secret@host/name"


def test_http_is_for_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOL_URL", "http://localhost:8000")
    monkeypatch.setenv("MAY_BE_LOCAL", "true")

    assert load().tool_url == "http://localhost:8000"


def test_what_is_wrong_does_not_repeat_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(problems(monkeypatch, SECRET_KEY="hunter2", DATABASE_URL="mysql://me:hunter2@host/x"))

    assert "hunter2" not in text


def test_canvass_regions_have_login_paths_of_the_tools_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANVAS_REGION_LOGINS", "eu-west-1=/eu/lti/login?a=b, us-east-1=/us/lti/login")

    assert load().canvas_region_logins == {"eu-west-1": "/eu/lti/login?a=b", "us-east-1": "/us/lti/login"}
    for wrong in ("moon-1=/lti/login", "eu-west-1=https://elsewhere.example/lti/login", "eu-west-1"):
        monkeypatch.setenv("CANVAS_REGION_LOGINS", wrong)
        with pytest.raises(SettingsWrong, match="CANVAS_REGION_LOGINS"):
            load()


def test_hosts_inside_private_networks_are_named_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_PRIVATE_NETWORKS", "Moodle.intranet.example, sakai.intranet.example")

    assert load().allow_private_networks == {"moodle.intranet.example", "sakai.intranet.example"}
    assert "ALLOW_PRIVATE_NETWORKS" in " ".join(problems(monkeypatch, ALLOW_PRIVATE_NETWORKS="https://moodle.example"))
