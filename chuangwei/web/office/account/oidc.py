"""OpenID Connect, stricter than allauth's: the token's signature is always checked, and both answers name one person."""

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.jwtkit import verify_jti
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures that need the provider's own key; whatever else the token asks for is refused."""
CLOCKS_APART = 60
"""Seconds by which the provider's clock may differ from ours."""


class OpenId(OpenIDConnectOAuth2Adapter):
    def complete_login(self, request: HttpRequest, app: Any, token: Any, **answer: Any) -> Any:
        if not answer["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        login = super().complete_login(request, app, token, **answer)
        said = login.account.extra_data
        if "userinfo" in said and said["userinfo"].get("sub") != said["id_token"]["sub"]:
            raise OAuth2Error("userinfo and id_token are about two persons")
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """The claims of a token that this provider signed, for us, and not too long ago."""
        try:
            key = self._key(jwt.get_unverified_header(id_token).get("kid"))
            claims: dict[str, Any] = jwt.decode(
                id_token, key=key.key, algorithms=list(ALGORITHMS), audience=app.client_id,
                issuer=self.openid_config["issuer"], leeway=CLOCKS_APART,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise OAuth2Error("invalid id_token") from error
        verify_jti(claims)
        return claims

    def _key(self, kid: str | None) -> jwt.PyJWK:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        for key in jwt.PyJWKSet.from_dict(answer.json()).keys:
            if kid is None or key.key_id == kid:
                return key
        raise OAuth2Error("no such key")
