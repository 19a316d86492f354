"""One settings file. Everything that differs between installations comes from the environment.

Each variable read here is listed in ``.env.example``; a test compares the two.
"""

import sys
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.contrib.messages import constants as messages

from allo3939 import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# --- Installation -------------------------------------------------------------------------------
VAR_DIR = Path(env.str("VAR_DIR", default="") or BASE_DIR / "var")
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or embedded.secret_key(VAR_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Demonstration content: accounts with known passwords, invented fiches, generated directory.
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)

HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# The proxy asks the two health pages in plain HTTP, on its own network.
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600  # a day's shift
SESSION_COOKIE_NAME = "a39_session"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- Applications -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "allo3939.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "widget_tweaks",
    "dsfr",
    "axes",
    "django_filters",
    "django_htmx",
    "simple_history",
    "template_partials",
    "allo3939.shared",
    "allo3939.accounts",
    "knowledge",
    "orientation",
    "calls",
    "allo3939.redaction",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "allo3939.middleware.NulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allo3939.accounts.middleware.PermissionMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "allo3939.urls"
WSGI_APPLICATION = "allo3939.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "allo3939.accounts.context.shell",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data ---------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
DATABASE: dict[str, Any] = (
    dict(env.db_url_config(DATABASE_URL)) if DATABASE_URL else embedded.postgres(VAR_DIR)
)
DATABASE_POOL = env.int("DATABASE_POOL", default=12)
DATABASE["CONN_HEALTH_CHECKS"] = True
# The address may bring options of its own (`?sslmode=require`): they stay.
DATABASE.setdefault("OPTIONS", {})
# PostgreSQL keeps the plan of composed queries (`shared.composed`) with the connection, from the
# first time and for any values; Django writes the values of its own into their text, and has them
# planned anew.
DATABASE["OPTIONS"]["prepare_threshold"] = 0
DATABASE["OPTIONS"]["options"] = " ".join(
    filter(None, (DATABASE["OPTIONS"].get("options"), "-c plan_cache_mode=force_generic_plan"))
)
DATABASE["OPTIONS"]["pool"] = {
    "min_size": 1,
    "max_size": DATABASE_POOL,
    # Seconds: while the base is away, an agent is told so instead of waiting half a minute.
    "timeout": 5.0,
    # And is served again within as many once it is back.
    "reconnect_timeout": 5.0,
}
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="") or embedded.redis_url(VAR_DIR)
CACHES = {
    "default": {
        "BACKEND": "allo3939.shared.cache.Cache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "a39",
    }
}
SESSION_ENGINE = "allo3939.accounts.sessions"

INDEX_DIR = Path(env.str("INDEX_DIR", default="") or VAR_DIR / "index")

# Celery writes a unix socket's URL its own way.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "expire-transferts": {"task": "calls.tasks.expire_transferts", "schedule": 5.0},
    "apply-shared-values": {"task": "knowledge.tasks.apply_shared_values", "schedule": 60.0},
    "announce-learning": {"task": "knowledge.tasks.announce_learning", "schedule": 60.0},
    # Several times an hour: a run counts what is left to count.
    "count-usage": {"task": "calls.tasks.count_usage", "schedule": crontab(minute="*/15")},
    "plan-reviews": {
        "task": "knowledge.tasks.plan_reviews",
        "schedule": crontab(hour="3-5", minute="30"),
    },
    # Each hour from Monday 8:00 on: a worker that was stopped sends the week's letters later.
    "send-letters": {
        "task": "allo3939.redaction.tasks.send_letters",
        "schedule": crontab(hour="8-18", minute="0", day_of_week="mon-fri"),
    },
    # From 0:00 in Paris; a sweep that no worker took is dropped, the next one does its work.
    "publish-due": {
        "task": "knowledge.tasks.publish_due",
        "schedule": crontab(),
        "options": {"expires": 300},
    },
    # Three times: a run that was stopped is finished by the next, which otherwise does nothing.
    "check-pins": {
        "task": "knowledge.tasks.check_pins",
        "schedule": crontab(hour="3-5", minute="10"),
    },
    "import-directory": {
        "task": "orientation.tasks.import_directory",
        "schedule": crontab(hour="2-4", minute="20"),
    },
    "purge-misses": {
        "task": "knowledge.tasks.purge_misses",
        "schedule": crontab(hour="4", minute="40"),
    },
    "purge-call-texts": {
        "task": "calls.tasks.purge_texts",
        "schedule": crontab(hour="4", minute="50"),
    },
    "purge-communications": {
        "task": "calls.tasks.purge_communications",
        "schedule": crontab(hour="4", minute="50"),
    },
    "purge-rejeux": {
        "task": "calls.tasks.purge_rejeux",
        "schedule": crontab(hour="4", minute="50"),
    },
}

# --- Who ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Agent"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allo3939.accounts.backends.RoleBackend",
]
LOGIN_URL = "connexion"
LOGIN_REDIRECT_URL = "accueil"
LOGOUT_REDIRECT_URL = "connexion"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/bloque.html"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# --- Language and files -------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Without `collectstatic` (demonstration, tests) files are served from where they stand.
WHITENOISE_USE_FINDERS = not STATIC_ROOT.exists()
WHITENOISE_AUTOREFRESH = DEBUG

MESSAGE_TAGS = {messages.DEBUG: "info", messages.ERROR: "error"}
SIMPLE_HISTORY_ENABLED = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Mail ---------------------------------------------------------------------------------------
# The server that sends the letters of the week; empty, they are written under VAR_DIR.
EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "courriels")
if EMAIL_URL:
    globals().update(env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="3939 <ne-pas-repondre@localhost>")
# The address of this installation, as the letters write it.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")

# --- Editing ------------------------------------------------------------------------------------
# Fiches to be reviewed on one working day, at most.
REVUES_PAR_JOUR = env.int("REVUES_PAR_JOUR", default=12)

# --- Imports ------------------------------------------------------------------------------------
# An import that would remove more than this share of the entries stops and asks.
IMPORT_REMOVAL_LIMIT = 0.10
IMPORT_URL_HOSTS = env.list("IMPORT_URL_HOSTS", default=["lecomarquage.service-public.gouv.fr"])
# What the directory is brought up to date from every night: an address or a path; empty, nothing.
ANNUAIRE_SOURCE = env.str("ANNUAIRE_SOURCE", default="")

# --- Search -------------------------------------------------------------------------------------
# Whether the fiches that closed calls rise in the results (`knowledge.learn`).
SEARCH_LEARNS = env.bool("SEARCH_LEARNS", default=True)

# --- Editing ------------------------------------------------------------------------------------
# Days during which somebody without account may answer by a link.
LIEN_RELECTURE_JOURS = 7

# --- Calls --------------------------------------------------------------------------------------
TRANSFERT_DELAI_SECONDES = env.int("TRANSFERT_DELAI_SECONDES", default=30)

# The secret with which the switch signs its events; empty, no event is received.
TELEPHONIE_SECRET = env.str("TELEPHONIE_SECRET", default="")
# What commands the switch: "manuel", the agent by hand; "simule", a switch that is none.
TELEPHONIE_STANDARD = env.str("TELEPHONIE_STANDARD", default="manuel")
# Where the simulated switch sends its events: this installation.
TELEPHONIE_SIMULE_URL = env.str("TELEPHONIE_SIMULE_URL", default="http://127.0.0.1:8000/")
if DEMONSTRATION and not TELEPHONIE_SECRET:
    TELEPHONIE_SECRET, TELEPHONIE_STANDARD = SECRET_KEY, "simule"

DEFAULT_EXCEPTION_REPORTER_FILTER = "allo3939.discreet.DiscreetReporterFilter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "allo3939.discreet.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "stream": sys.stderr}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # Who did what that leaves a trace, whatever the level of the rest.
    "loggers": {
        "allo3939.audit": {"level": "INFO"},
        # Where the server tells of each request, it does so in these lines too.
        "uvicorn.access": {"handlers": ["console"], "propagate": False},
    },
}
