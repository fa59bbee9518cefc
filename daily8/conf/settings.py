"""Django's settings, read from the environment. `docs/operate.md` lists every name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import daily8
from daily8.conf.environment import LOCALES, VISIBILITIES, Environment

_env = Environment(os.environ)
_package = Path(daily8.__file__).parent

DATA = _env.data
MEDIA_FOLDER = DATA / "media"
HOST = _env.text("DAILY8_HOST", "127.0.0.1")
PORT = _env.whole("DAILY8_PORT", 8008, least=0)
_anywhere = {"127.0.0.1", "::", "0.0.0.0"}  # noqa: S104 - compared, not bound
SITE_URL = _env.text("DAILY8_SITE_URL", f"http://{'localhost' if HOST in _anywhere else HOST}:{PORT}").rstrip(
    "/"
)
CONTACT = _env.text("DAILY8_CONTACT", f"{SITE_URL}/about/fetching")
SPEED = _env.number("DAILY8_SPEED", 1.0, least=0.001)
"""How many times faster than life the schedule runs: above 1 in replay only."""
EGRESS_HOSTS = _env.text("DAILY8_EGRESS_HOSTS")
EGRESS_SUFFIXES = tuple(
    pair.partition("=")[0].strip().removeprefix("*.") for pair in EGRESS_HOSTS.split(",") if "=" in pair
)
"""Names under which every host is a publisher of its own, as under a public suffix: of a replay."""
EGRESS_PRIVATE = _env.text("DAILY8_EGRESS_PRIVATE")
VISIBILITY = _env.choice("VISIBILITY", VISIBILITIES)
NETWORK = _env.text("DAILY8_NETWORK")
"""The network from which this machine asks publishers, where workers stand in several."""
WEBSUB = _env.choice("DAILY8_WEBSUB", ("auto", "on", "off"))
"""Whether hubs are asked to send news here: ``auto`` does where `SITE_URL` can be reached from outside."""
MAILBOXES = _env.mailboxes()
MAILBOX_OPEN = _env.flag("DAILY8_MAILBOX_OPEN")
MAILBOX_AUTHSERV = _env.text("DAILY8_MAILBOX_AUTHSERV")
WORKERS = _env.whole("DAILY8_CAGE_WORKERS", min(4, os.cpu_count() or 1), least=1)
PICTURES_LIMIT = _env.whole("DAILY8_PICTURES_LIMIT", 5_000_000_000)
"""Bytes that pictures may take on disk."""
PAGES_KEPT = _env.number("DAILY8_PAGES_KEPT", 30.0)
"""Days for which the pages of articles are kept, to be read again; 0 keeps none."""
PAGES_LIMIT = _env.whole("DAILY8_PAGES_LIMIT", 5_000_000_000)
"""Bytes that kept pages may take in the database."""
EMBEDDER = _env.text("EMBEDDER", "auto")
"""The providers of embeddings, in order, with commas between them; ``auto``, ``off``."""
EMBEDDER_HUB = _env.text("EMBEDDER_HUB", "https://huggingface.co").rstrip("/")
"""Where models are fetched from, when the operator asks for one by name."""
EMBEDDER_THREADS = _env.whole("EMBEDDER_THREADS", 1, least=1)
EMBEDDER_OPTIONS = {
    "folder": _env.text("EMBEDDER_FOLDER"),
    "url": _env.text("EMBEDDER_URL"),
    "model": _env.text("EMBEDDER_MODEL"),
    "key": _env.text("EMBEDDER_KEY"),
    "dimensions": str(_env.whole("EMBEDDER_DIMENSIONS", 0)),
    "batch": str(_env.whole("EMBEDDER_BATCH", 32, least=1)),
    "timeout": str(_env.number("EMBEDDER_TIMEOUT", 30.0, least=1.0)),
    "languages": _env.text("EMBEDDER_LANGUAGES"),
    "passage_prefix": _env.text("EMBEDDER_PASSAGE_PREFIX"),
    "query_prefix": _env.text("EMBEDDER_QUERY_PREFIX"),
}
"""What providers of embeddings are opened with (`daily8.ai.ports.Setup`)."""

SECRET_KEY = _env.secret_key()
DEBUG = False
ALLOWED_HOSTS = [
    *filter(None, {urlsplit(SITE_URL).hostname, "localhost", "127.0.0.1", "[::1]"}),
    *filter(None, _env.text("DAILY8_ALLOWED_HOSTS").split(",")),
]
ROOT_URLCONF = "daily8.conf.urls"
WSGI_APPLICATION = "daily8.conf.wsgi.application"
EMBEDDED = _env.embedded
"""Whether the database is the embedded server's."""
DATABASES = {"default": _env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "daily8.store",
    "daily8.web",
]
MIDDLEWARE = [
    "daily8.web.middleware.policy.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "daily8.web.middleware.locale.locale_from_address",
    "django.middleware.common.CommonMiddleware",
    "daily8.web.middleware.crossing.no_crossing",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_package / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "daily8.web.jinja.environment",
            "autoescape": True,
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "store.Reader"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "daily8.web.accounts.Adapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
REGISTRATION_OPEN = _env.flag("DAILY8_REGISTRATION_OPEN")
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _env.text("DAILY8_SMTP_HOST", "localhost")
EMAIL_PORT = _env.whole("DAILY8_SMTP_PORT", 25)
EMAIL_HOST_USER = _env.text("DAILY8_SMTP_USER")
EMAIL_HOST_PASSWORD = _env.text("DAILY8_SMTP_PASSWORD")
EMAIL_USE_TLS = _env.flag("DAILY8_SMTP_TLS")
DEFAULT_FROM_EMAIL = _env.text("DAILY8_MAIL_FROM", "daily8@localhost")

LANGUAGE_CODE = _env.choice("DAILY8_DEFAULT_LOCALE", LOCALES)
"""The locale whose addresses bear no prefix."""
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [_package / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _env.text("DAILY8_TIME_ZONE", "UTC")

STATIC_URL = "/static/"
STATICFILES_DIRS = [_package / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

_https = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "daily8"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "daily8.web.views.errors.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _env.flag("DAILY8_BEHIND_PROXY") else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _env.flag("DAILY8_BEHIND_PROXY") else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

LOGGING_CONFIG = None  # `daily8.wiring.logs` sets structlog up
SILENCED_SYSTEM_CHECKS: list[str] = []
