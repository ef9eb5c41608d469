"""Configuration, read once: the defaults of `config/default.toml`, a file named by CONFIG_FILE, then the environment.

A wrong value stops the start; every wrong value is named at once, with what is expected.
"""

import base64
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from environs import Env, EnvError

from lti_tool.mentoring.zones import zone_named

HERE = Path(__file__).resolve().parent


class SettingsWrong(Exception):
    """The configuration has wrong values."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The configuration has wrong values:\n" + "\n".join(f"  - {line}" for line in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the program needs to know before it starts."""

    tool_url: str  # where browsers and LMSs reach this tool, without a final slash
    database_url: str
    secret_key: str
    key_folder: Path  # the signing keys, PEM
    time_zone: str  # of courses whose LMS sends none
    may_be_local: bool  # development: LMSs on localhost over http are allowed
    session_hours: int
    cookie_partitioned: bool
    log_level: str
    key_store: str = "folder"  # where the signing keys are: folder or database
    key_secrets: tuple[str, ...] = ()  # Fernet keys that encrypt what is secret in the database, the newest first
    allow_private_networks: frozenset[str] = frozenset()  # hosts of LMSs inside private networks; `*`: any
    lease_seconds: int = 120  # how long work of a worker that was lost waits for another
    contents_dir: Path | None = None  # an institution's own training texts and guides, over the tool's
    mail_host: str = ""  # the mail server; empty: no mail is sent
    mail_port: int = 587
    mail_security: str = "starttls"  # or tls, or none
    mail_from: str = ""  # name and address, such as Peer Mentoring <mentoring@example.edu>
    mail_user: str = ""
    mail_password: str = ""
    channel_hosts: frozenset[str] = frozenset()  # chat channels that announcements may be posted to; empty: nowhere
    file_megabytes: int = 5  # the largest file on a shelf; 0: links only
    shelf_megabytes: int = 25  # all files of one pair together
    library_megabytes: int = 200  # all files of one programme's library together
    canvas_region_logins: Mapping[str, str] = field(default_factory=dict)  # by region of Canvas: a path at `tool_url`
    metrics_token: str = ""  # whoever reads /metrics must bring it; empty: nobody can

    @property
    def encryption(self) -> tuple[str, ...]:
        """The Fernet keys; the first encrypts, all of them read: KEY_SECRETS, then one that follows from SECRET_KEY."""
        derived = hashlib.sha256(b"peer-mentoring encryption" + self.secret_key.encode()).digest()
        return (*self.key_secrets, base64.urlsafe_b64encode(derived).decode())


def folder(name: str) -> Path:
    """The folder `name` inside the installed package, else beside it in a checkout."""
    inside = HERE / name
    return inside if inside.is_dir() else HERE.parent / name


def load(environment_file: Path | None = None) -> Settings:
    """The settings of this process.

    Raises: SettingsWrong, naming all problems at once.
    """
    env = Env()
    if environment_file and environment_file.is_file():
        env.read_env(str(environment_file), recurse=False)
    values = _defaults(env)
    problems: list[str] = []

    def read(name: str, kind: type = str) -> Any:
        try:
            value = getattr(env, kind.__name__)(name.upper(), values.get(name, kind()))
        except EnvError as fault:
            problems.append(str(fault))
            return kind()
        if type(value) is not kind:
            problems.append(f"{name.upper()}: {value!r} is not a value of type {kind.__name__}")
            return kind()
        return value

    settings = Settings(
        tool_url=read("tool_url").rstrip("/"),
        database_url=_database_url(read("database_url")),
        secret_key=read("secret_key"),
        key_folder=Path(read("key_folder") or "jwks"),
        time_zone=read("time_zone"),
        may_be_local=read("may_be_local", bool),
        session_hours=read("session_hours", int),
        cookie_partitioned=read("cookie_partitioned", bool),
        log_level=read("log_level").upper(),
        key_store=read("key_store").lower(),
        key_secrets=tuple(read("key_secrets").replace(",", " ").split()),
        allow_private_networks=frozenset(read("allow_private_networks").lower().replace(",", " ").split()),
        lease_seconds=read("lease_seconds", int),
        contents_dir=_folder_or_none(read("contents_dir")),
        mail_host=read("mail_host"),
        mail_port=read("mail_port", int),
        mail_security=read("mail_security").lower(),
        mail_from=read("mail_from"),
        mail_user=read("mail_user"),
        mail_password=read("mail_password"),
        channel_hosts=frozenset(read("channel_hosts").lower().replace(",", " ").split()),
        file_megabytes=read("file_megabytes", int),
        shelf_megabytes=read("shelf_megabytes", int),
        library_megabytes=read("library_megabytes", int),
        canvas_region_logins=_pairs(read("canvas_region_logins")),
        metrics_token=read("metrics_token"),
    )
    problems += _problems(settings)
    if problems:
        raise SettingsWrong(problems)
    return settings


def _pairs(text: str) -> dict[str, str]:
    """What is written as `name=value`, separated by commas."""
    return {name: value for name, _sign, value in (one.partition("=") for one in text.replace(",", " ").split())}


def _defaults(env: Env) -> dict[str, Any]:
    files = [folder("config") / "default.toml"]
    named = env.str("CONFIG_FILE", "")
    if named:
        files.append(Path(named))
    values: dict[str, Any] = {}
    for file in files:
        if not file.is_file():
            raise SettingsWrong([f"CONFIG_FILE names {file}, which is not a file"])
        try:
            values |= tomllib.loads(file.read_text(encoding="utf-8"))
        except ValueError as fault:
            raise SettingsWrong([f"{file}: {fault}"]) from fault
    problems = [f"{name}: no such setting" for name in sorted(set(values) - set(Settings.__annotations__))]
    secrets = sorted({"secret_key", "key_secrets", "mail_password", "metrics_token"} & set(values))
    problems += [f"{name.upper()}: comes from the environment, never from a file of settings" for name in secrets]
    if problems:
        raise SettingsWrong(problems)
    return values


def _folder_or_none(name: str) -> Path | None:
    return Path(name) if name else None


def _database_url(url: str) -> str:
    """SQLAlchemy's name for the database: `postgres://` as hosting providers write it means psycopg 3.

    A SQLite file is named from where the program starts: Flask-SQLAlchemy would look for it in a folder of its own.
    """
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    file = url.removeprefix("sqlite:///")
    if file in {url, "", ":memory:"}:
        return url
    return f"sqlite:///{Path(file).absolute()}"


def _problems(settings: Settings) -> list[str]:
    problems = []
    parts = _split(settings.tool_url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
        problems.append("TOOL_URL: the tool's own address, such as https://mentoring.example.edu, without a path")
    elif parts.scheme == "http" and not settings.may_be_local:
        problems.append(
            "TOOL_URL: must be https; LMSs refuse anything else (MAY_BE_LOCAL=true allows http on localhost)"
        )
    is_file = settings.database_url.startswith("sqlite:////")  # memory would be another one in every process
    if not is_file and not settings.database_url.startswith("postgresql+psycopg://"):
        problems.append("DATABASE_URL: sqlite:////path/to/file.db or postgresql://user:password@host/name")
    if len(settings.secret_key) < 32:
        problems.append("SECRET_KEY: at least 32 characters, kept secret, the same for every process")
    problems += _key_problems(settings)
    if any("/" in host or ":" in host for host in settings.allow_private_networks):
        problems.append("ALLOW_PRIVATE_NETWORKS: hosts such as moodle.intranet.example, separated by commas, or *")
    problems += _mail_problems(settings)
    problems += _value_problems(settings)
    return problems


def _value_problems(settings: Settings) -> list[str]:
    problems = []
    if not 1 <= settings.session_hours <= 24:
        problems.append("SESSION_HOURS: a whole number from 1 to 24")
    if not 2 <= settings.lease_seconds <= 3600:
        problems.append("LEASE_SECONDS: a whole number from 2 to 3600")
    problems += _region_problems(settings.canvas_region_logins)
    problems += _shelf_problems(settings)
    if settings.log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        problems.append("LOG_LEVEL: DEBUG, INFO, WARNING or ERROR")
    if settings.contents_dir and not settings.contents_dir.is_dir():
        problems.append("CONTENTS_DIR: a folder with the institution's own texts, or empty")
    if zone_named(settings.time_zone) is None:
        problems.append("TIME_ZONE: a name such as Europe/Berlin")
    return problems


def _shelf_problems(settings: Settings) -> list[str]:
    problems = [
        f"{name.upper()}: a whole number from FILE_MEGABYTES to 10000"
        for name in ("shelf_megabytes", "library_megabytes")
        if not max(settings.file_megabytes, 1) <= getattr(settings, name) <= 10_000
    ]
    if not 0 <= settings.file_megabytes <= 50:
        problems.append("FILE_MEGABYTES: a whole number from 0 (links only) to 50")
    if any("/" in host or ":" in host or "*" in host.removeprefix("*.") for host in settings.channel_hosts):
        problems.append("CHANNEL_HOSTS: hosts such as hooks.slack.com or *.webhook.office.com, separated by commas")
    return problems


def _region_problems(logins: Mapping[str, str]) -> list[str]:
    from lti_tool.lti.canvas import REGIONS  # noqa: PLC0415  # other settings are read without the LMS's language

    is_right = all(region in REGIONS and path.startswith("/") for region, path in logins.items())
    example = "CANVAS_REGION_LOGINS: pairs such as eu-west-1=/eu/lti/login, separated by commas; regions: "
    return [] if is_right else [example + ", ".join(REGIONS)]


def _key_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.key_store not in {"folder", "database"}:
        problems.append("KEY_STORE: folder or database")
    if settings.key_store == "database" and not settings.key_secrets:
        problems.append("KEY_SECRETS: must be set where KEY_STORE=database")
    if not all(_is_fernet_key(secret) for secret in settings.key_secrets):
        problems.append("KEY_SECRETS: Fernet keys (32 random bytes, base64), separated by commas, the newest first")
    if settings.metrics_token and len(settings.metrics_token) < 16:
        problems.append("METRICS_TOKEN: at least 16 characters, or empty")
    return problems


def _mail_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.mail_security not in {"starttls", "tls", "none"}:
        problems.append("MAIL_SECURITY: starttls, tls or none")
    if not 1 <= settings.mail_port <= 65535:
        problems.append("MAIL_PORT: a whole number from 1 to 65535")
    name, at, domain = parseaddr(settings.mail_from)[1].rpartition("@")
    if settings.mail_host and not (name and at and domain):
        problems.append("MAIL_FROM: an address, such as Peer Mentoring <mentoring@example.edu>, where MAIL_HOST is set")
    if settings.mail_password and not settings.mail_user:
        problems.append("MAIL_USER: must be set where MAIL_PASSWORD is")
    if settings.mail_password and settings.mail_security == "none":
        problems.append("MAIL_SECURITY: a password needs starttls or tls")
    return problems


def _is_fernet_key(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text)) == 32
    except ValueError:
        return False


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
