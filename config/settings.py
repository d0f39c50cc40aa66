"""Settings of every process, all from the environment (docs/operations.md lists them)."""

from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_email_url
from cryptography.fernet import Fernet
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config.env import Environment, fail
from config.secrets import derived_fernet_key, local_secret

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("PUENTE_DATA", str(BASE_DIR / ".data"))).resolve()
DEBUG = env.bool("PUENTE_DEBUG")

BASE_URL = env.str("PUENTE_BASE_URL", "http://localhost:8000").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in {"http", "https"} or not _base.hostname:
    fail("PUENTE_BASE_URL is malformed: it must look like https://crm.example.com")
HTTPS = _base.scheme == "https"
ALLOWED_HOSTS = env.list("PUENTE_ALLOWED_HOSTS", [_base.hostname or "localhost", "localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

SECRET_KEY = env.str("SECRET_KEY") or local_secret(DATA_DIR)
CHANNEL_SECRET_KEYS = env.list("PUENTE_SECRET_KEYS", [derived_fernet_key(SECRET_KEY)])
try:
    [Fernet(key) for key in CHANNEL_SECRET_KEYS]
except ValueError:
    fail("PUENTE_SECRET_KEYS is malformed: each key must be 32 bytes in url-safe base64")

# --- databases and Valkey (ARCHITECTURE.md §1, §2) ---
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database("DATABASE_URL", "postgres://puente_app@127.0.0.1/puente"),
    "owner": env.database("DATABASE_OWNER_URL", "postgres://puente_owner@127.0.0.1/puente"),
    "ops": env.database("DATABASE_OPS_URL", "postgres://puente_ops@127.0.0.1/puente"),
}
for _alias in DATABASES.values():
    # Poolers in transaction mode cannot keep a cursor or a prepared statement between transactions.
    _alias["DISABLE_SERVER_SIDE_CURSORS"] = True
    _alias["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASE_ROUTERS = ["tenants.db.router.MigrationsByOwner"]

VALKEY_URL, CELERY_BROKER_URL = env.valkey("VALKEY_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "tenants.kit.cache.ForgivingCache",
        "LOCATION": VALKEY_URL,
        "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
    }
}

# --- applications ---
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "anymail",
    "tenants",
    "crm",
    "conversations",
    "feedback",
    "config",
]
MIDDLEWARE = [
    "tenants.middleware.RequestLogMiddleware",
    "config.metrics.RequestMetricsMiddleware",
    "tenants.headers.SafetyHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "tenants.short_path.ShortPathMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "tenants.middleware.BusinessMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenants.context.business",
            ],
            "builtins": [
                "tenants.templatetags.ui",
                "tenants.templatetags.burl",
                "tenants.templatetags.remembered",
            ],
        },
    }
]
CHANNEL_PACKAGES = [
    "conversations.channels.web",
    "conversations.channels.email",
    "conversations.channels.whatsapp",
    "conversations.channels.telegram",
    "conversations.channels.calls",
    "conversations.channels.visits",
    "conversations.channels.messenger",
    "conversations.channels.instagram",
    "conversations.channels.sms",
    "conversations.channels.twilio_whatsapp",
    *env.list("PUENTE_CHANNELS", []),
]

# --- people ---
AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "tenants.backends.PersonBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "tenants.passwords.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "tenants_public:businesses"
LOGOUT_REDIRECT_URL = "tenants_public:home"
ACCOUNT_ADAPTER = "tenants.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "tenants.forms.LogInForm", "signup": "tenants.forms.SignUpForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, nowhere else
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _base.scheme
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before what changes how one gets in
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Puente"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: clocks of telephones are not exact
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_HTTP_RESPONSE_CODE = 429
TRUST_PROXY = env.bool("PUENTE_TRUST_PROXY")
AXES_IPWARE_PROXY_COUNT = 1 if TRUST_PROXY else None
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUST_PROXY else 0

# --- mail ---
EMAIL_URL = env.str("EMAIL_URL")
MAILBOX_DIR = DATA_DIR / "mailbox"
if EMAIL_URL:
    try:
        _mail = dj_email_url.parse(EMAIL_URL)
    except (ValueError, KeyError) as error:
        fail(f"EMAIL_URL is malformed: {error}")
    MAILERS: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": _mail["EMAIL_BACKEND"],
            "OPTIONS": {
                "host": _mail["EMAIL_HOST"],
                "port": _mail["EMAIL_PORT"],
                "username": _mail["EMAIL_HOST_USER"],
                "password": _mail["EMAIL_HOST_PASSWORD"],
                "use_tls": _mail["EMAIL_USE_TLS"],
                "use_ssl": _mail["EMAIL_USE_SSL"],
                "timeout": 20,  # seconds
            },
        }
    }
else:
    MAILERS = {"default": {"BACKEND": "config.mailbox.MailboxBackend"}}
MAIL_DOMAIN = env.str("PUENTE_MAIL_DOMAIN", "in.puente.localhost")
DEFAULT_FROM_EMAIL = env.str("PUENTE_FROM_EMAIL", f"Puente <hola@{MAIL_DOMAIN}>")
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1]:
    fail("PUENTE_FROM_EMAIL is malformed: it must look like Puente <hola@example.com>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- languages and time ---
LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Spanish")), ("pt-br", _("Portuguese (Brazil)")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- files ---
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": env.uploads(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static.HashedStorage"
    },
}
FILE_UPLOAD_HANDLERS = [
    "tenants.kit.uploads.UploadLimit",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 40 * 1024 * 1024  # bytes; a posted e-mail with its attachments

# --- safety ---
SECURE_CSP: dict[str, Any] = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "style-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
}
X_FRAME_OPTIONS = "DENY"
BOT_ENCODER = env.bool("PUENTE_BOT_ENCODER", default=True)  # without it the bot goes by words alone
SIMULATOR = env.str("PUENTE_SIMULATOR")
# Private networks that outbound calls may reach all the same, such as a model server in the house.
OUTBOUND_ALLOWED = env.list("PUENTE_OUTBOUND_ALLOWED", [])
MAIL_CA = env.str("PUENTE_MAIL_CA")
DNS_SERVER = env.str("PUENTE_DNS_SERVER")  # as 192.0.2.1:53; the system's where it is empty
# The installation's own app at Meta, which serves every business; a channel may have its own instead.
META_API = env.str("PUENTE_META_API", "https://graph.facebook.com/v24.0")
META_INSTAGRAM_API = env.str("PUENTE_META_INSTAGRAM_API", "https://graph.instagram.com/v24.0")
TELEGRAM_API = env.str("PUENTE_TELEGRAM_API", "https://api.telegram.org")
META_APP_SECRET = env.str("PUENTE_META_APP_SECRET")
META_INSTAGRAM_APP_SECRET = env.str("PUENTE_META_INSTAGRAM_APP_SECRET")
META_VERIFY_TOKEN = env.str("PUENTE_META_VERIFY_TOKEN")
TWILIO_API = env.str("PUENTE_TWILIO_API", "https://api.twilio.com")
TWILIO_MESSAGING_API = env.str("PUENTE_TWILIO_MESSAGING_API", "https://messaging.twilio.com")
TWILIO_CONTENT_API = env.str("PUENTE_TWILIO_CONTENT_API", "https://content.twilio.com")
# Mailboxes that are entered by permission (docs/email-mailboxes.md); without a client id, not offered.
_MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0"
MAIL_OAUTH: dict[str, dict[str, Any]] = {
    "google": {
        "title": "Google",
        "client_id": env.str("PUENTE_GOOGLE_CLIENT_ID"),
        "client_secret": env.str("PUENTE_GOOGLE_CLIENT_SECRET"),
        "authorize_url": env.str(
            "PUENTE_GOOGLE_AUTHORIZE_URL", "https://accounts.google.com/o/oauth2/v2/auth"
        ),
        "token_url": env.str("PUENTE_GOOGLE_TOKEN_URL", "https://oauth2.googleapis.com/token"),
        "scope": ["https://mail.google.com/"],
        "imap": ("imap.gmail.com", 993),
        "smtp": ("smtp.gmail.com", 465),
    },
    "microsoft": {
        "title": "Microsoft",
        "client_id": env.str("PUENTE_MICROSOFT_CLIENT_ID"),
        "client_secret": env.str("PUENTE_MICROSOFT_CLIENT_SECRET"),
        "authorize_url": env.str("PUENTE_MICROSOFT_AUTHORIZE_URL", f"{_MICROSOFT}/authorize"),
        "token_url": env.str("PUENTE_MICROSOFT_TOKEN_URL", f"{_MICROSOFT}/token"),
        "scope": [
            "https://outlook.office.com/IMAP.AccessAsUser.All",
            "https://outlook.office.com/SMTP.Send",
            "offline_access",
        ],
        "imap": ("outlook.office365.com", 993),
        "smtp": ("smtp.office365.com", 587),
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
if HTTPS:  # the browser takes these from our own host over HTTPS alone
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds since the log-in
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "tenants.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- jobs ---
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0  # seconds
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120  # seconds; below the visibility timeout
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_DEFAULT_QUEUE = "inbound"
CELERY_TASK_ROUTES = ("tenants.kit.tasks.route",)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # seconds
    "queue_order_strategy": "priority",  # a worker takes from its queues in the order it names them
    "socket_timeout": 5,
    "socket_connect_timeout": 0.2,
    "socket_keepalive": True,
    "global_keyprefix": "puente:celery:",
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "conversations.tasks.sweep",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "replies"},
    },
    "wake": {"task": "conversations.tasks.wake_snoozed", "schedule": 30.0, "options": {"expires": 30}},
    "mailboxes": {
        "task": "conversations.tasks.sweep_mailboxes",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "check": {
        "task": "conversations.tasks.check_channels",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    "templates": {
        "task": "conversations.tasks.sweep_templates",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "promises": {
        "task": "conversations.tasks.sweep_promises",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "quiet": {
        "task": "conversations.tasks.sweep_quiet",
        "schedule": 300.0,
        "options": {"expires": 300, "queue": "slow"},
    },
    "automation": {
        "task": "conversations.automation_tasks.sweep_automation",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "campaigns": {
        "task": "conversations.campaign_tasks.sweep_campaigns",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "domains": {
        "task": "conversations.campaign_tasks.sweep_domains",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "slow"},
    },
    "touches": {
        "task": "conversations.campaign_tasks.sweep_touches",
        "schedule": 15.0,
        "options": {"expires": 15, "queue": "slow"},
    },
    "confirmations": {
        "task": "conversations.confirmation_tasks.sweep_confirmations",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "automatic"},
    },
    "journeys": {
        "task": "conversations.journey_tasks.sweep_journeys",
        "schedule": 15.0,
        "options": {"expires": 15, "queue": "automatic"},
    },
    "journey_entries": {
        "task": "conversations.journey_tasks.sweep_entries",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "automatic"},
    },
    "forget_told": {
        "task": "conversations.automation_tasks.forget_long_told",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "slow"},
    },
    "facts": {
        "task": "crm.fact_tasks.sweep_facts",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "slow"},
    },
    "privacy": {
        "task": "crm.privacy_tasks.sweep_privacy",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "slow"},
    },
    "retention": {
        "task": "crm.privacy_tasks.sweep_retention",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "slow"},
    },
    "customer_runs": {
        "task": "crm.run_tasks.sweep_runs",
        "schedule": 15.0,
        "options": {"expires": 15, "queue": "slow"},
    },
    "segments": {
        "task": "crm.segment_tasks.sweep_segments",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "slow"},
    },
    "imports": {
        "task": "crm.import_tasks.sweep_imports",
        "schedule": 10.0,
        "options": {"expires": 10, "queue": "slow"},
    },
    "learning": {
        "task": "crm.fact_tasks.learn_nightly",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "slow"},
    },
    "pulse": {
        "task": "conversations.restored_tasks.take_pulse",
        "schedule": 10.0,
        "options": {"expires": 10, "queue": "replies"},
    },
    "heartbeat": {
        "task": "tenants.tasks.heartbeat",
        "schedule": 10.0,
        "options": {"expires": 10, "queue": "replies"},
    },
    "duplicates": {
        "task": "crm.duplicate_tasks.sweep_duplicates",
        "schedule": 20.0,
        "options": {"expires": 20, "queue": "slow"},
    },
    "teaching": {
        "task": "conversations.teaching_tasks.sweep_teaching",
        "schedule": 15.0,
        "options": {"expires": 15, "queue": "slow"},
    },
    "rehearsals": {
        "task": "conversations.teaching_tasks.forget_old_rehearsals",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "slow"},
    },
    "uploads": {
        "task": "conversations.tasks.sweep_uploads",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "slow"},
    },
    "consents": {
        "task": "crm.consent_tasks.sweep_consents",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "forget_exclusions": {
        "task": "crm.consent_tasks.forget_old_exclusions",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "slow"},
    },
    "housekeeping": {
        "task": "tenants.tasks.housekeeping",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "slow"},
    },
}

# --- REST API ---
API_RATE = env.int("PUENTE_API_RATE", 6_000)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tenants.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["tenants.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "tenants.api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "tenants.api.errors.problem_response",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Puente API",
    "DESCRIPTION": "Customers, their one history, and the conversations with them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": [],  # choices stay beside their fields: kinds and statuses are many
}

# --- logs ---
LOG_LEVEL = env.str("PUENTE_LOG_LEVEL", "info").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    fail("PUENTE_LOG_LEVEL is malformed: it must be debug, info, warning or error")
LOG_JSON = env.bool("PUENTE_LOG_JSON")
SECURITY_CONTACT = env.str("PUENTE_SECURITY_CONTACT")
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("mailto:", "https://", "tel:")):
    fail("PUENTE_SECURITY_CONTACT is malformed: it must begin with mailto:, https:// or tel:")
METRICS_TOKEN = env.str("PUENTE_METRICS_TOKEN")
LOGGING_CONFIG = "config.logging_setup.configure"
LOGGING = {"level": LOG_LEVEL, "as_json": LOG_JSON}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # sub-domains of the address are not ours to bind to HTTPS
    "security.W008",  # the proxy that ends HTTPS redirects
    "security.W021",  # nor is entering the browsers' preload list
]
