"""The LMS's side of a launch: its key, its published key set, and signed id_tokens of a realistic size (4 kB)."""

import json
import time
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID = "bench-client"
DEPLOYMENT_ID = "1"
KEY_ID = "bench-key"
_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
_ROLES = (
    "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student",
    "http://purl.imsglobal.org/vocab/lis/v2/system/person#User",
)
_SCOPES = ("lineitem", "lineitem.readonly", "result.readonly", "score")


class Issuer:
    """One LMS that signs launches."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def publish(self, folder: Path) -> None:
        """Write the key set where the stand-in LMS looks for it."""
        jwk = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        keys = {"keys": [jwk | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]}
        (folder / "jwks.json").write_text(json.dumps(keys), encoding="utf-8")

    def id_token(self, origin: str, *, nonce: str, person: int, target: str) -> str:
        """What the LMS says of one student who opens the tool."""
        claims = _claims(origin, person, target) | {"nonce": nonce}
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KEY_ID})


def _claims(origin: str, person: int, target: str) -> dict[str, object]:
    now = int(time.time())
    return {
        "iss": origin,
        "aud": CLIENT_ID,
        "azp": CLIENT_ID,
        "sub": f"launcher-{person:06d}",
        "iat": now,
        "exp": now + 3600,
        "name": f"Given{person} Family{person}",
        "given_name": f"Given{person}",
        "family_name": f"Family{person}",
        "email": f"launcher{person}@northfield.example",
        "locale": "en-GB",
        f"{_LTI}version": "1.3.0",
        f"{_LTI}message_type": "LtiResourceLinkRequest",
        f"{_LTI}deployment_id": DEPLOYMENT_ID,
        f"{_LTI}target_link_uri": target,
        f"{_LTI}roles": list(_ROLES),
        f"{_LTI}resource_link": {"id": "link-1", "title": "Peer mentoring", "description": "Mentoring. " * 40},
        f"{_LTI}context": {
            "id": "bio-101",
            "label": "BIO 101",
            "title": "Biology 101",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"],
        },
        f"{_LTI}tool_platform": {"guid": "bench", "name": "Northfield", "product_family_code": "northfield"},
        f"{_LTI}launch_presentation": {"document_target": "iframe", "return_url": f"{origin}/course", "locale": "en"},
        f"{_LTI}custom": {f"setting_{number}": f"value {number} of the course" for number in range(20)},
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
            "context_memberships_url": f"{origin}/memberships/50",
            "service_versions": ["2.0"],
        },
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
            "scope": [f"https://purl.imsglobal.org/spec/lti-ags/scope/{one}" for one in _SCOPES],
            "lineitems": f"{origin}/lineitems",
        },
    }
