"""The list of threats, each with the beginning of the names of the tests that try it; none may get lost.

Source: LTI security framework 1.0; OWASP's advice, as far as it concerns a tool in a frame that fetches for strangers.
"""

import re
from pathlib import Path

THREATS = {
    "login CSRF": "login_csrf_",
    "session fixation": "session_fixation_",
    "id_token replay": "id_token_replay_",
    "algorithm confusion": "alg_confusion_",
    "kid injection": "kid_injection_",
    "keys in a header": "header_keys_",
    "SSRF by a configuration": "ssrf_a_configuration_",
    "SSRF by a key set": "ssrf_a_key_set_",
    "SSRF by a next page": "ssrf_a_next_page_",
    "SSRF by a service": "ssrf_a_service_",
    "mix-up of registrations": "mix_up_",
    "guessable ids": "guessable_ids_",
    "open redirect": "open_redirect_",
    "privilege by a wrong role": "privilege_",
    "copied custom id": "a_copied_custom_id_",
    "clickjacking": "clickjacking_",
    "cookies": "cookies_",
    "forged writing": "writing_",
    "token leakage": "token_leakage_",
    "cross-site scripting": "xss_",
    "huge rosters": "huge_rosters_",
    "huge tokens": "huge_jwt_",
    "relinking by e-mail": "account_relink_",
    "caches shared by tenants": "shared_caches_",
    "abuse of registration": "registration_abuse_",
    "XSRF on the error path": "xsrf_",
}


def test_every_threat_has_its_test() -> None:
    sources = "".join(file.read_text() for file in Path(__file__).parent.glob("test_threats*.py"))
    names = re.findall(r"def test_(\w+)", sources)

    assert [threat for threat, start in THREATS.items() if not any(one.startswith(start) for one in names)] == []
