"""Settings, all from the environment (or an ignored ``.env`` beside ``manage.py``).

A variable that production needs and does not have stops the program with a
sentence that says what to set. ``.env.example`` lists them all.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def required(name: str, what: str) -> str:
    """The variable ``name``; without it the program stops and says what to set."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Set it to {what}, or run `make keys`, which writes it to .env."
        )
    return value


# A demonstration or training system holds invented deaths only and can send nothing out.
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)

SECRET_KEY = required("SECRET_KEY", "50 random characters")
# Base64 of 32 random bytes each. The first master key wraps; the others only unwrap.
MASTER_KEYS = required("MASTER_KEYS", "32 random bytes in base64, newest first").split(",")
TOKEN_KEY = required("TOKEN_KEY", "32 random bytes in base64")
AUDIT_KEY = required("AUDIT_KEY", "32 random bytes in base64")

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Everything this installation writes outside the database: documents, anchors, reports.
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var")))
STATE_DIR.mkdir(parents=True, exist_ok=True)
AUDIT_ANCHORS = STATE_DIR / "audit-anchors.jsonl"

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{STATE_DIR}/cdop.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            # A row replaced is a row deleted: the append-only triggers must see it.
            "PRAGMA recursive_triggers=ON;"
        ),
    }
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "simple_history",
    "cdop",
    "notifications",
    "analytics",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cdop.core.middleware.NotKeptMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cdop.core.session_limits.SessionLimitsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cdop.core.middleware.HatMiddleware",
    "cdop.core.middleware.RefusalMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "cdop.urls"
WSGI_APPLICATION = "cdop.wsgi.application"

TEMPLATES = [
    {
        "NAME": "jinja",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "cdop.core.jinja.environment",
            "context_processors": ["cdop.core.jinja.page_context"],
        },
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "cdop.core.rendering.NHSFormRenderer"

# The stages of the way of the data, in reading order; each has a module ``work``.
CASEWORK = [
    "notifications.work",
    "cdop.cases.work",
    "cdop.cases.waiting_work",
    "cdop.cases.family_work",
    "cdop.cases.signal_work",
    "cdop.rapid_response.work",
    "cdop.agency_reports.work",
    "cdop.panel.work",
    "cdop.reviews.work",
    "cdop.learning.work",
    "cdop.learning.theme_work",
    "analytics.work",
    "cdop.core.work",
]

AUTH_USER_MODEL = "cdop.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # the letter with the link says so
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "cdop.core.accounts.InvitedOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by invitation, never by sign-up
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody without an account is written to
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# After so many days without a sign-in an account is closed; whoever comes back is invited again.
ACCOUNT_UNUSED_DAYS = env.int("ACCOUNT_UNUSED_DAYS", default=120)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# One hospital may sit behind one address, so the limits per address are loose and those per
# account strict.
ACCOUNT_RATE_LIMITS = {"login": "100/m/ip", "login_failed": "100/m/ip,10/10m/key"}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_ADAPTER = "cdop.core.second_lock.SecondLock"
MFA_FORMS = {"add_webauthn": "cdop.core.second_lock_forms.PasskeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey alone opens both locks
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMONSTRATION  # browsers trust http://localhost
MFA_TOTP_TOLERANCE = 1  # one code before and after: the clocks of telephones differ

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cdop_cache",
    }
}
SESSION_LONGEST_SECONDS = SESSION_COOKIE_AGE = 8 * 60 * 60
# After the first a page asks whether anybody is there, after the second the session is over.
SESSION_WARNING_SECONDS, SESSION_IDLE_SECONDS = 30 * 60, 35 * 60
SESSION_COOKIE_HTTPONLY = True
# A sentence about a case stays on the server; in a cookie it could be read on the device.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

EMAIL_BACKEND = (
    "django.core.mail.backends.dummy.EmailBackend"
    if DEMONSTRATION
    else env.str("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
)
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=not EMAIL_USE_SSL)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
# By which people reach the pages: links in messages begin with it.
SITE_ADDRESS = env.str("SITE_ADDRESS", default="http://127.0.0.1:8000" if DEMONSTRATION else "")
if not SITE_ADDRESS:
    raise ImproperlyConfigured(
        "SITE_ADDRESS is not set. Set it to the address by which people reach this system, such as "
        "https://cdop.example.org, so that the links in messages lead there."
    )
# Who helps with this service, in words; it stands at the foot of every page.
CONTACT = env.str("CONTACT", default="01632 960000, an invented number" if DEMONSTRATION else "")
if not CONTACT:
    raise ImproperlyConfigured(
        "CONTACT is not set. Set it to a name and a telephone number that people can ring for help."
    )
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="no-reply@localhost")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "j F Y"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
HASHED_STATIC = env.bool("HASHED_STATIC", default=True)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STATE_DIR / "files"},
    },
    # Sealed before they come here; each under a random name.
    "documents": {
        "BACKEND": "cdop.core.document_store.SyncedFolder",
        "OPTIONS": {"location": env.str("DOCUMENTS_DIR", default=str(STATE_DIR / "documents"))},
    },
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if HASHED_STATIC
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# HTTPS everywhere but on a machine of one's own.
HTTPS = env.bool("HTTPS", default=not DEMONSTRATION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
# How many proxies of ours add to X-Forwarded-For. Nothing in it is believed without one.
TRUSTED_PROXIES = 0
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The address of the person is the one that the outermost of our proxies saw. Without this the
    # limits of tries would count all people together, as they share the address of the proxy.
    TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1)
    ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# Reports of deaths from one address of the net in an hour. Above the first number only those are
# taken that were not typed in haste, above the second none: see decisions page 12.
REPORTS_AN_HOUR = env.int("REPORTS_AN_HOUR", default=60)
REPORTS_AT_MOST = env.int("REPORTS_AT_MOST", default=1000)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

CSRF_FAILURE_VIEW = "cdop.core.errors.page_open_too_long"

SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Files stay in memory until they are sealed: no handler of Django's that writes them to a disk.
FILE_UPLOAD_HANDLERS = ["cdop.core.upload_handler.InMemory"]
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MB", default=10) * 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# Where clamd listens, "unix:/path/of/the/socket" or "host:port"; without it files are not searched
# for viruses, and the pages say so.
CLAMD = env.str("CLAMD", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Says at every start that it has started.
    "loggers": {"pikepdf": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
