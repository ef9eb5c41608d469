"""LMSs that know this tool: registrations, deployments, invitations; and what a login and a token must remember.

`StoredDirectory`, `StoredLogins` and `StoredTokens` satisfy the Protocols of `lti_tool.lti`.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.lti.login import LoginRecord
from lti_tool.lti.platform import Platform, RegistrationId
from lti_tool.store.db import Row, db, finder, insert_into, table_of, transaction


class Registration(Row):
    """One LMS that knows this tool under one client id."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("issuer", "client_id"),
        CheckConstraint("issuer <> '' and client_id <> ''", name="named"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str]  # exactly as the LMS writes it
    client_id: Mapped[str]
    name: Mapped[str]  # what the admin calls it
    family: Mapped[str]  # canvas, moodle, ...: chooses the peculiarities
    auth_login_url: Mapped[str]
    auth_token_url: Mapped[str]
    auth_audience: Mapped[str | None]  # where it differs from the token address (Brightspace)
    jwks_url: Mapped[str]
    is_paused: Mapped[bool] = mapped_column(default=False)
    accepts_new_deployments: Mapped[bool] = mapped_column(default=True)  # else each one waits for the admin's word
    created_at: Mapped[datetime]
    first_launch_at: Mapped[datetime | None]  # the first good one; the registration is pending until then
    last_launch_at: Mapped[datetime | None]  # the last good one, to the minute
    refused_at: Mapped[datetime | None]  # the last launch that was not let in
    refused_code: Mapped[str | None]  # and why, a `lti.errors.Refusal`
    management_url: Mapped[str | None]  # where the LMS lets the tool change its own registration
    management_token: Mapped[str | None]  # for it, encrypted
    checks: Mapped[list[Any]] = mapped_column(default=list)  # what the last test of the connection found
    checked_at: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]  # it answered nothing, or asked for patience: no work for it is begun earlier
    faults_in_a_row: Mapped[int] = mapped_column(default=0)


class Deployment(Row):
    """One installation of the tool inside an LMS (an account, a course)."""

    __tablename__ = "deployment"
    __table_args__ = (
        UniqueConstraint("registration_id", "deployment_id"),
        CheckConstraint("state in ('accepted','pending','refused')", name="state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    deployment_id: Mapped[str]  # the LMS's own id, case kept
    state: Mapped[str] = mapped_column(default="accepted")
    first_seen_at: Mapped[datetime]
    notices_url: Mapped[str | None]  # where the tool asked to be told what happens
    notices_subscribed_at: Mapped[datetime | None]


class Invitation(Row):
    """A one-time right to register an LMS by dynamic registration."""

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(default="")  # for whom, in the admin's words
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Login(Row):
    """A login under way: what the launch that follows must match. Gone once used."""

    __tablename__ = "login"
    state_hash: Mapped[str] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    nonce: Mapped[str]
    target_link_uri: Mapped[str]
    browser_hash: Mapped[str]  # of the secret that the browser keeps in a cookie
    storage_hash: Mapped[str | None]  # of the value that the LMS's storage keeps, where it has one
    storage_frame: Mapped[str | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AccessToken(Row):
    """A service token that all processes share until it ends."""

    __tablename__ = "access_token"
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    scope_key: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str]
    expires_at: Mapped[datetime]


def as_platform(row: Any) -> Platform:
    """The registration, a row or the facts of one, in the edge's terms."""
    return Platform(
        registration_id=RegistrationId(row.id),
        issuer=row.issuer,
        client_id=row.client_id,
        auth_login_url=row.auth_login_url,
        auth_token_url=row.auth_token_url,
        auth_audience=row.auth_audience,
        jwks_url=row.jwks_url,
        family=row.family,
        is_paused=row.is_paused,
    )


_REGISTRATION, _DEPLOYMENT, _LOGIN = (table_of(row) for row in (Registration, Deployment, Login))
_HERE = _REGISTRATION.c
_FACTS = select(
    *(_HERE[name] for name in ("id", "issuer", "client_id", "auth_login_url", "auth_token_url", "auth_audience")),
    *(_HERE[name] for name in ("jwks_url", "family", "is_paused", "accepts_new_deployments", "last_launch_at")),
)
_facts_by_id = _FACTS.where(_HERE.id == bindparam("id"))
_facts_by_issuer = _FACTS.where(_HERE.issuer == bindparam("issuer")).limit(2)
_facts_by_pair = _facts_by_issuer.where(_HERE.client_id == bindparam("client_id"))
_deployment_state = select(_DEPLOYMENT.c.state).where(
    _DEPLOYMENT.c.registration_id == bindparam("registration_id"),
    _DEPLOYMENT.c.deployment_id == bindparam("deployment_id"),
)
_begun = insert(_LOGIN)
_used_up = delete(_LOGIN).where(_LOGIN.c.state_hash == bindparam("used")).returning(*_LOGIN.columns)
_kept = select(*_LOGIN.columns).where(_LOGIN.c.state_hash == bindparam("state_hash"))
_registration = finder(Registration, "issuer", "client_id")
_deployment = finder(Deployment, "registration_id", "deployment_id")


def find_registration(issuer: str, client_id: str) -> Registration | None:
    """The registration of exactly this issuer and client id."""
    return _registration(issuer, client_id)


def registration_facts(registration_id: int) -> Any:
    """What a login or launch asks of a registration, as plain columns: a whole row costs three times as much."""
    return db.session.execute(_facts_by_id, {"id": registration_id}).one_or_none()


def deployment_row(registration_id: int, deployment_id: str) -> Deployment | None:
    """The deployment, where it has been seen before."""
    return _deployment(registration_id, deployment_id)


def usable_invitation(code_hash: str, now: datetime, *, to_use: bool = False) -> Invitation | None:
    """The invitation with this code, unless it is used or over; locked where the caller is going to use it."""
    query = select(Invitation).filter_by(code_hash=code_hash, used_at=None)
    found = db.session.scalar(query.with_for_update() if to_use else query)
    return found if found and found.expires_at > now else None


class StoredDirectory:
    """The registered LMSs, as `lti.platform.PlatformDirectory` asks for them."""

    def find(self, issuer: str, client_id: str | None) -> Platform | None:
        """The LMS with this issuer and client id; without a client id the issuer's only one."""
        query, names = (_facts_by_pair, {"client_id": client_id}) if client_id else (_facts_by_issuer, {})
        rows = db.session.execute(query, {"issuer": issuer} | names).all()
        return as_platform(rows[0]) if len(rows) == 1 else None

    def by_id(self, registration_id: RegistrationId) -> Platform | None:
        """The LMS with this registration."""
        row = registration_facts(registration_id)
        return as_platform(row) if row else None

    def has_deployment(self, registration_id: RegistrationId, deployment_id: str) -> bool:
        """Whether a launch from this deployment is welcome: it is known, or the registration accepts all."""
        names = {"registration_id": registration_id, "deployment_id": deployment_id}
        state = db.session.scalar(_deployment_state, names)
        if state:
            return bool(state == "accepted")
        row = registration_facts(registration_id)
        return row is not None and row.accepts_new_deployments


class StoredLogins:
    """Logins under way, as `lti.login.LaunchMemory` asks for them. Each call is a transaction of its own:
    a state stays used even where the launch is then refused."""

    def remember(self, state_hash: str, record: LoginRecord) -> None:
        """Keep the login until its launch arrives."""
        with transaction() as session:
            session.execute(_begun, {"state_hash": state_hash, **asdict(record)})

    def consume(self, state_hash: str, now: datetime) -> LoginRecord | None:
        """The login of this state, once: of two launches at the same time one gets it."""
        with transaction() as session:
            row = session.execute(_used_up, {"used": state_hash}).one_or_none()
        return _login(row) if row is not None and row.expires_at > now else None

    def peek(self, state_hash: str, now: datetime) -> LoginRecord | None:
        """The login of this state, which stays as it is."""
        row = db.session.execute(_kept, {"state_hash": state_hash}).one_or_none()
        return _login(row) if row is not None and row.expires_at > now else None


def _login(row: Any) -> LoginRecord:
    return LoginRecord(
        registration_id=RegistrationId(row.registration_id),
        nonce=row.nonce,
        target_link_uri=row.target_link_uri,
        browser_hash=row.browser_hash,
        expires_at=row.expires_at,
        storage_hash=row.storage_hash,
        storage_frame=row.storage_frame,
    )


class StoredTokens:
    """Service tokens shared by all processes, as `lti.connector.TokenCache` asks for them."""

    def get(self, registration_id: RegistrationId, scope_key: str, now: datetime) -> tuple[str, datetime] | None:
        """The token and its end, while it lasts."""
        row = db.session.execute(
            select(AccessToken.token, AccessToken.expires_at).filter_by(
                registration_id=registration_id, scope_key=scope_key
            )
        ).one_or_none()
        db.session.rollback()
        return (row.token, row.expires_at) if row and row.expires_at > now else None

    def put(self, registration_id: RegistrationId, scope_key: str, token: str, expires_at: datetime) -> None:
        """Keep a new token in the place of the old one."""
        values = {"registration_id": registration_id, "scope_key": scope_key}
        with transaction() as session:
            session.execute(
                insert_into(AccessToken)
                .values(**values, token=token, expires_at=expires_at)
                .on_conflict_do_update(
                    index_elements=["registration_id", "scope_key"], set_={"token": token, "expires_at": expires_at}
                )
            )

    def drop(self, registration_id: RegistrationId, scope_key: str) -> None:
        """Forget a token that the LMS no longer takes."""
        with transaction() as session:
            session.execute(delete(AccessToken).filter_by(registration_id=registration_id, scope_key=scope_key))


def all_registrations() -> list[Registration]:
    """Every LMS that knows this tool, oldest first."""
    return list(db.session.scalars(select(Registration).order_by(Registration.id)))
