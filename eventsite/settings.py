"""One settings file: safe by default, runs from a bare clone, changed by environment variables.

DATABASE_URL   where the record is kept (default: SQLite in var/)
SECRET_KEY     signs curators' sessions (default: made once into var/secret_key, mode 0600)
ALLOWED_HOSTS  host names this site answers to, separated by blanks
SITE_URL       the site's own address: canonical, shared and cited (default: of HOST and PORT)
CONTACT        where to write about an error or a harm: an e-mail address or https address
CONTACT_DAYS   within how many days whoever writes there is answered (default: 7)
HTTPS          1 when a proxy in front serves the site over https
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from eventsite.starting import database, local_url, port_number, site_name, whole_number

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
TESTING = "PYTEST_VERSION" in os.environ  # set by pytest itself
HTTPS = os.environ.get("HTTPS") == "1"


def secret_key():
    """The key of this installation, made on first use and readable by its owner alone."""
    path = VAR_DIR / "secret_key"
    if not path.exists() or not path.read_text().strip():
        VAR_DIR.mkdir(mode=0o700, exist_ok=True)
        made = VAR_DIR / f"secret_key.{os.getpid()}"
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        made.replace(path)  # whole or not at all: a start that is cut off leaves no empty key
    return path.read_text().strip()


DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY") or ("only-for-tests" * 4 if TESTING else secret_key())
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]").split()
PORT = port_number(os.environ.get("PORT") or "8000")
LOCAL_URL = local_url(os.environ.get("HOST") or "127.0.0.1", PORT)
SITE_URL = (os.environ.get("SITE_URL") or LOCAL_URL).rstrip("/")
ALLOWED_HOSTS.append(site_name(SITE_URL))
CONTACT = os.environ.get("CONTACT", "").strip()
CONTACT_DAYS = whole_number("CONTACT_DAYS", os.environ.get("CONTACT_DAYS") or "7")
# Of the record and its texts, as printed on every page. Whoever publishes the site may choose
# another before the first publication: here, and in LICENSE.
LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}

INSTALLED_APPS = [
    "people",
    "timeline",
    "eventsite.reports.apps.ReportsConfig",
    "eventsite.apps.RecordAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
]
MIDDLEWARE = [
    "eventsite.pages.EverywhereMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "eventsite.pages.PublicPageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "eventsite.urls"
# What stands in front of Django (eventsite/front.py) asks of the record.
REVISION = "timeline.revision.read"
HEALTH = "timeline.health.state"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "eventsite.templates.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "timeline.templatetags.record",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "eventsite.pages.site",
                "timeline.views.answers.record",
            ],
        },
    }
]

DATABASES = {
    "default": database(os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR}/record.sqlite3")
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A connection for each of the server's threads, kept; one that died is made anew, and one that
    # fell silent counts as dead after some seconds.
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,  # seconds, as those of keepalives
        "keepalives_idle": 10,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 5000,  # milliseconds
    } | DATABASES["default"].get("OPTIONS", {})
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        "timeout": 20,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Curators' accounts: see timeline/doors.py.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
SESSION_COOKIE_AGE = 10 * 60 * 60  # seconds: a working day, whatever is done in it
CSRF_COOKIE_HTTPONLY = True
OTP_TOTP_ISSUER = site_name(SITE_URL)  # under which an app lists the codes
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            *("UserAttributeSimilarityValidator", "CommonPasswordValidator"),
            "NumericPasswordValidator",
        )
    ),
]
# Wrong passwords and codes: after five of one name from one address nothing is looked at until the
# last of them is a quarter of an hour old. What is kept of an address goes with the next attempt,
# login or logout of anybody after that time.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "admin/locked.html"
AXES_CLIENT_IP_CALLABLE = "eventsite.gate.sender"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]  # kept of no form
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_ALLOWED_CORS_ORIGINS = SITE_URL
if TESTING:  # the slow hasher would dominate the admin's tests
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
FORMAT_MODULE_PATH = "eventsite.formats"
LOCALE_PATHS = [BASE_DIR / "timeline" / "locale"]  # where makemessages writes
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

FILE_UPLOAD_PERMISSIONS = 0o600  # static files, too: the site itself serves them
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # what browsers ask for without being told
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "eventsite.static.MinifiedStaticFilesStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the list of mentions has two for each
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the proxy itself, within the house
# Whether every subdomain is served by https is for whoever owns the domain to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if HTTPS:
    # No other site of this name, nor one over http, can set or read them.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "filters": {"discreet": {"()": "eventsite.logs.Discreet"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["discreet"],
        }
    },
    "loggers": {
        "axes": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "eventsite": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
