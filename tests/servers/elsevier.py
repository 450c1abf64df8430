"""What the loopback servers of Elsevier's APIs have in common: keys and entitlements, quota, and errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.servers.faults import Fault, Reply
from tests.servers.loopback import Asked, Loopback, json_reply

RESET = "1711111111"  # 2024-03-22 12:38 UTC


def service_error(status: int, code: str, text: str, headers: Mapping[str, str] | None = None) -> Reply:
    """An error as the services write it."""
    table = {"service-error": {"status": {"statusCode": code, "statusText": text}}}
    return json_reply(table, status, {"X-ELS-Status": f"{code} - {text}", **(headers or {})})


def quota_exceeded(_right: Reply) -> Reply:
    """429 because the week's requests are used up: XML, no Retry-After, and the moment of the reset in a header."""
    said = b"<statusCode>QUOTA_EXCEEDED</statusCode><statusText>Quota Exceeded</statusText>"
    body = b"<service-error><status>" + said + b"</status></service-error>"
    headers = {"X-ELS-Status": "QUOTA_EXCEEDED - Quota Exceeded", "X-RateLimit-Reset": RESET}
    return Reply(body, 429, "text/xml", headers)


def throttled(_right: Reply) -> Reply:
    """429 because requests came too fast; the headers of the quota stand there too."""
    table = {"error-response": {"error-code": "RATE_LIMIT_EXCEEDED", "error-message": "Rate of requests exceeds"}}
    return json_reply(table, 429, {"X-RateLimit-Remaining": "19000", "X-RateLimit-Reset": RESET})


def unavailable(_right: Reply) -> Reply:
    """503, which Elsevier says to keys that it does not know, too."""
    table = {"error-response": {"error-code": "Service Unavailable", "error-message": "One of our services it is not"}}
    return json_reply(table, 503)


def answered(status: int, code: str, text: str) -> Fault:
    """Any error of the service."""
    return lambda _right: service_error(status, code, text)


@dataclass(kw_only=True)
class ElsevierServer(Loopback):
    """Answers those who have a key.

    Args:
        keys: API keys that are valid.
        tokens: institutional tokens; without one of them a key is not entitled to what needs one.
    """

    keys: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)

    def refusal(self, asked: Asked) -> Reply | None:
        """The answer to one without a valid key."""
        if asked.headers.get("X-ELS-APIKey") not in self.keys:
            return service_error(401, "AUTHENTICATION_ERROR", "Invalid API Key")
        return None

    def is_entitled(self, asked: Asked) -> bool:
        """True for one with a token, where tokens are asked for."""
        return not self.tokens or asked.headers.get("X-ELS-Insttoken") in self.tokens
