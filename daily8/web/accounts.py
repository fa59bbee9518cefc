"""How accounts behave here: who may sign up, where one lands, what our mails say of themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's questions, answered for this house."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell whether strangers may make accounts: as the operator set it."""
        return bool(settings.REGISTRATION_OPEN)

    def is_safe_url(self, url: str | None) -> bool:
        """Tell whether one may be led there: this site's own addresses only, and none that is no address."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go home, in the locale being spoken."""
        return reverse("home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def format_email_subject(self, subject: str) -> str:
        return f"Daily8: {subject.strip()}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Build links in mails on the configured address, never on what a request calls its host."""
        uid, _, token = key.partition("-")
        return settings.SITE_URL + reverse(
            "account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}
        )

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return settings.SITE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])
