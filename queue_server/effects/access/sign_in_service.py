"""A sign-in service of the office's own (OpenID Connect): where somebody is sent to sign in there,
and who it says has come back. What it says is believed only when signed for us, for this very
question and now.
"""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from .limited_session import TimeLimit

if TYPE_CHECKING:
    # Most offices have no such service: what speaks with one takes 15 MB, and is imported with the
    # first question.
    from authlib.integrations.requests_client import OAuth2Session
    from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures that only the holder of a private key can make: never "none", never a shared key."""

TIMEOUT_SECONDS = 5.0
"""How long one question may take, with all the requests that it needs."""
KNOWN_SECONDS, FAILED_SECONDS = 600.0, 10.0
"""How long what the service says of itself is believed, and how soon it is asked again after it
did not answer.
"""
ANSWER_BYTES = 200_000
LEEWAY_SECONDS = 60
SCOPE = "openid email"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ServiceAway(Exception):
    """The service does not answer, or not in a way that can be understood. The message is for the
    log of the server.
    """


class ServiceRefused(Exception):
    """The service takes neither the code nor us. The message is for the log of the server."""


class ServiceLied(Exception):
    """The service's answer must not be believed. The message is for the log of the server."""


@dataclass(frozen=True)
class Question:
    """What was asked, to be held against the answer: kept by the browser alone, sealed."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Answer:
    """Who the service says has signed in. `email` is one that it has verified."""

    subject: str
    email: str | None


@dataclass(frozen=True)
class _Known:
    """What the service says of itself."""

    authorization: str
    token: str
    userinfo: str | None
    keys: KeySet


class SignInService:
    """One service; `issuer` is its address, and `client_id` what we are called there."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str | None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.issuer, self._client_id, self._secret = issuer, client_id, client_secret
        self._clock = clock
        self._known: _Known | None = None
        self._asked_at = -math.inf

    def ask(self, callback: str) -> tuple[str, Question]:
        """Where to send a browser that is to come back to `callback`, and what to keep till then.
        Raises `ServiceAway`.
        """
        with TimeLimit(TIMEOUT_SECONDS) as limit:
            known = self._look_up(limit)
        question = Question(*(secrets.token_urlsafe(32) for _ in range(3)))
        with self._session(callback) as session:
            url, _state = session.create_authorization_url(
                known.authorization,
                state=question.state,
                code_verifier=question.verifier,
                nonce=question.nonce,
            )
        return str(url), question

    def take(self, callback: str, question: Question, code: str) -> Answer:
        """Who has signed in there, for the code with which the browser came back. Raises
        `ServiceAway`, `ServiceRefused`, `ServiceLied`.
        """
        with TimeLimit(TIMEOUT_SECONDS) as limit:
            return self._take(limit, callback, question, code)

    def _take(self, limit: TimeLimit, callback: str, question: Question, code: str) -> Answer:
        from authlib.common.errors import AuthlibBaseError

        known = self._look_up(limit)
        try:
            with self._session(callback) as session:
                limit.put_on(session)
                given = session.fetch_token(
                    known.token,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=question.verifier,
                    allow_redirects=False,
                )
                claims = self._check(limit, known, str(given.get("id_token", "")), question)
                subject, email = str(claims["sub"]), _verified_email(claims)
                if email is None and known.userinfo is not None and "access_token" in given:
                    told = session.get(known.userinfo, allow_redirects=False)
                    more = told.json() if told.status_code == 200 else {}
                    if isinstance(more, Mapping) and more.get("sub") == subject:
                        email = _verified_email(more)
        except AuthlibBaseError as error:
            raise ServiceRefused(str(error.error)) from None
        except (requests.RequestException, ValueError) as error:
            raise ServiceAway(type(error).__name__) from None
        return Answer(subject, email)

    def _session(self, callback: str) -> OAuth2Session:
        from authlib.integrations.requests_client import OAuth2Session

        session = OAuth2Session(
            self._client_id,
            self._secret,
            scope=SCOPE,
            redirect_uri=callback,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
        )
        return session

    def _check(
        self, limit: TimeLimit, known: _Known, token: str, question: Question
    ) -> Mapping[str, Any]:
        """The claims of an identity token; one that fails is held against the service's newest keys
        before it is refused. Raises `ServiceLied`, `ServiceAway`.
        """
        try:
            return self._check_by(known, token, question)
        except ServiceLied:
            if time.monotonic() - self._asked_at < FAILED_SECONDS:
                raise
        self._known, self._asked_at = None, -math.inf
        return self._check_by(self._look_up(limit), token, question)

    def _check_by(self, known: _Known, token: str, question: Question) -> Mapping[str, Any]:
        """The claims of an identity token by these keys. Raises `ServiceLied`."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            claims = jwt.decode(token, known.keys, algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                now=int(self._clock()),
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self._client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": question.nonce},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise ServiceLied(f"its token is not good: {type(error).__name__}") from None
        audiences = claims["aud"]
        is_shared = isinstance(audiences, list) and len(audiences) > 1
        if claims.get("azp", None if is_shared else self._client_id) != self._client_id:
            raise ServiceLied("its token was made for somebody else")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise ServiceLied("its token names nobody")
        return claims

    def _look_up(self, limit: TimeLimit) -> _Known:
        """What the service says of itself, asked for now and then. Raises `ServiceAway`."""
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        age = time.monotonic() - self._asked_at
        if self._known is not None and age < KNOWN_SECONDS:
            return self._known
        if self._known is None and age < FAILED_SECONDS:
            raise ServiceAway("it did not answer a moment ago")
        self._known, self._asked_at = None, time.monotonic()
        said = _get(limit, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != self.issuer:
            raise ServiceAway("it calls itself by another name than ANTREAN_OIDC_ISSUER")
        try:
            keys = KeySet.import_key_set(_get(limit, _admit_url(said.get("jwks_uri"))))  # type: ignore[arg-type]  # checked by the library
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ServiceAway(f"its keys cannot be read: {type(error).__name__}") from None
        userinfo = said.get("userinfo_endpoint")
        self._known = _Known(
            _admit_url(said.get("authorization_endpoint")),
            _admit_url(said.get("token_endpoint")),
            None if userinfo is None else _admit_url(userinfo),
            keys,
        )
        return self._known


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    """An address that the service has verified itself, in small letters."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return None
    return email.strip().lower() or None


def is_safe_url(url: object) -> bool:
    """Whether secrets may be sent there: over TLS, or to this machine."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def _admit_url(url: object) -> str:
    if not is_safe_url(url):
        raise ServiceAway("it names an address that is neither https nor on this machine")
    return str(url)


def _get(limit: TimeLimit, url: str) -> dict[str, Any]:
    """What is at an address, which must be a JSON object of bearable size. Raises `ServiceAway`."""
    try:
        with requests.Session() as session:
            limit.put_on(session)
            with session.get(url, allow_redirects=False, stream=True) as answer:
                text = answer.raw.read(ANSWER_BYTES + 1, decode_content=True)
                if answer.status_code != 200 or len(text) > ANSWER_BYTES:
                    raise ServiceAway(f"it answered {answer.status_code} with {len(text)} bytes")
        said = json.loads(text)
    except (requests.RequestException, HTTPError, OSError, ValueError, RecursionError) as error:
        raise ServiceAway(type(error).__name__) from None
    if not isinstance(said, dict):
        raise ServiceAway("it answered with something else than an object")
    return said
