"""Signing in at a provider of OpenID Connect. See the README."""

from queues.oidc.provider import Provider
from queues.oidc.signing_in import Back, ProviderSignIn, Sent, seconds_of

__all__ = ["Back", "Provider", "ProviderSignIn", "Sent", "seconds_of"]
