"""The platform's signing keys: RSA 2048, named by their thumbprint (RFC 7638), the last two published."""

import base64
import hashlib
import json
from dataclasses import dataclass, field

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

PUBLISHED_KEYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One key pair with its public half as a JSON Web Key."""

    private: rsa.RSAPrivateKey
    jwk: dict[str, str]

    @property
    def kid(self) -> str:
        """Answer the key's thumbprint."""
        return self.jwk["kid"]


def new_key() -> SigningKey:
    """Answer a fresh key pair."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    needed = {name: str(public[name]) for name in ("e", "kty", "n")}
    return SigningKey(private=private, jwk={**needed, "kid": thumbprint(needed), "use": "sig", "alg": "RS256"})


def thumbprint(jwk: dict[str, str]) -> str:
    """Answer the thumbprint of an RSA key.

    Source: RFC 7638 section 3: the required members in lexical order, no white space, SHA-256, base64url.
    """
    text = json.dumps(jwk, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@dataclass(slots=True)
class KeyRing:
    """The published keys, newest last; the newest signs."""

    keys: list[SigningKey] = field(default_factory=lambda: [new_key()])

    def rotate(self) -> None:
        """Sign with a new key from now on and keep the former one published."""
        self.keys = [*self.keys, new_key()][-PUBLISHED_KEYS:]

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Answer the public key set."""
        return {"keys": [key.jwk for key in self.keys]}

    def sign(self, claims: dict[str, object]) -> str:
        """Answer the claims as a JWT signed with the newest key."""
        key = self.keys[-1]
        return jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.kid})
