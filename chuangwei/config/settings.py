"""The one settings file. Every switch is read from the environment here, and nowhere else."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from chuangwei.config import env, identities, logs
from chuangwei.config.sqlite import journal_mode, library_version
from chuangwei.core.backup.retention import Retention

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent
IN_A_CHECKOUT = (CHECKOUT / "pyproject.toml").is_file()

# Database, keys, photos, papers and logs of this installation.
CHUANGWEI_HOME = env.path(
    "CHUANGWEI_HOME", CHECKOUT / "var" if IN_A_CHECKOUT else Path.home() / ".local" / "share" / "chuangwei"
)
CHUANGWEI_LOGS = CHUANGWEI_HOME / "logs"
env.private(CHUANGWEI_HOME, CHUANGWEI_LOGS)

# --- Secrets: made on first use, never in the tree --------------------------------------------------------------------
# Signs sessions. The keys that encrypt telephone numbers lie beside it and belong to core/secrets.py.
SECRET_KEY = env.secret(CHUANGWEI_HOME / "keys" / "session.secret")

# --- Where it answers -------------------------------------------------------------------------------------------------
DEBUG = env.flag("CHUANGWEI_DEBUG")
# The public address, e.g. https://chuangwei.example.gov.cn. Without one, only this machine is answered.
ORIGIN = env.text("CHUANGWEI_ORIGIN").rstrip("/")
# Plain HTTP: for this machine alone (`chuangwei serve` sets it on a loopback address), or by the operator's own wish.
INSECURE = env.flag("CHUANGWEI_INSECURE")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.words("CHUANGWEI_HOSTS")]
CSRF_TRUSTED_ORIGINS: list[str] = []
if ORIGIN:
    ALLOWED_HOSTS.append(ORIGIN.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0])
    CSRF_TRUSTED_ORIGINS.append(ORIGIN)
    # Whoever sets a public address has put a proxy in front that sets this header itself (deploy/).
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of ours write X-Forwarded-For: limits and the audit count people, not the proxy. One too many, and
# whoever writes the header invents the address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("CHUANGWEI_PROXIES", 1 if ORIGIN else 0)

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE
# A session ends this long after signing in whatever happens, and sooner when nobody is there (account/sessions.py).
SESSION_COOKIE_AGE = env.integer("CHUANGWEI_SESSION_HOURS", 12) * 3600
SESSION_IDLE_AGE = env.integer("CHUANGWEI_IDLE_MINUTES", 30) * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 0 if INSECURE else 30 * 24 * 3600
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# A base map under the maps, as an XYZ address ({x}, {y}, {z}); without one no request leaves the server's own address.
TILES = env.text("CHUANGWEI_TILES")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *env.origins(TILES)],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- The parts --------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.weixin",
    "allauth.socialaccount.providers.dingtalk",
    "allauth.socialaccount.providers.feishu",
    "django_htmx",
    "template_partials",
    "django_q",
    "chuangwei.config",
    "chuangwei.core",
    "chuangwei.domain.places",
    "chuangwei.domain.standards",
    "chuangwei.domain.organisation",
    "chuangwei.domain.problems",
    "chuangwei.domain.inspections",
    "chuangwei.domain.appraisal",
    "chuangwei.domain.documents",
    "chuangwei.web.shared",
    "chuangwei.web.office",
    "chuangwei.demo",
]
MIDDLEWARE = [
    "chuangwei.web.shared.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "chuangwei.web.shared.edge.Edge",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "chuangwei.web.office.account.sessions.SessionRules",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "chuangwei.config.urls"
WSGI_APPLICATION = "chuangwei.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "string_if_invalid": "",
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database ---------------------------------------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL")
SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": CHUANGWEI_HOME / "chuangwei.sqlite3",
    "OPTIONS": {
        # A transaction that reads first and writes later fails under load unless it takes the lock at once.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode={journal_mode(library_version())}; PRAGMA synchronous=NORMAL;"
        " PRAGMA foreign_keys=ON; PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY;",
    },
}
if DATABASE_URL:
    DATABASES = {"default": env.database(DATABASE_URL) | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
else:
    DATABASES = {"default": SQLITE}

# Limits on sign-in attempts are counted here: kept in the database, so that they hold over all processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# --- People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisation.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "chuangwei.config.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "chuangwei.web.office.account.adapter.AccountAdapter"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Codes of a second factor are counted with `login_failed` under the account's own key.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key", "reauthenticate": "10/m/user", "change_password": "5/m/user",
}  # fmt: skip
# Ours: what is dear to answer. An attribute of the view says which (web/shared/limits.py).
CHUANGWEI_RATE_LIMITS = {
    "imports": "20/10m/user", "exports": "60/10m/user", "recovery": "5/10m/user", "identities": "20/m/ip",
}  # fmt: skip

MFA_ADAPTER = "chuangwei.web.office.account.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "chuangwei.web.office.account.forms.Authenticate",
    "reauthenticate": "chuangwei.web.office.account.forms.Reauthenticate",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "创卫"
# A code holds half a minute; one step to either side for clocks that are not quite right.
MFA_TOTP_TOLERANCE = 1

SOCIALACCOUNT_ADAPTER = "chuangwei.web.office.account.adapter.IdentityAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = identities.openid(
    server=env.text("CHUANGWEI_OIDC_SERVER"),
    keys=identities.Keys(env.text("CHUANGWEI_OIDC_CLIENT"), env.text("CHUANGWEI_OIDC_SECRET")),
    name=env.text("CHUANGWEI_OIDC_NAME", "统一身份认证"),
) | identities.work_chats({
    slug: identities.Keys(env.text(identities.variable(slug, "ID")), env.text(identities.variable(slug, "SECRET")))
    for slug in identities.WORK_CHATS
})  # fmt: skip

# So many readings of personal data by one account within an hour, and the audit administrators are told (0: never).
CHUANGWEI_READINGS_AN_HOUR = env.integer("CHUANGWEI_READINGS_AN_HOUR", 20)

# The first account's password, for installations that are set up without anybody watching. Else one is made and shown.
FIRST_PASSWORD = env.text("CHUANGWEI_FIRST_PASSWORD")

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
# Built files carry their hash in the name and their .gz beside them (frontend/), so nothing has to be collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/built/.+-[\w-]{8}\.\w+$"
MEDIA_ROOT = CHUANGWEI_HOME / "files"
# A workbook of a whole county is refused by core before it is read; this bounds form fields, not files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# Ten workbooks of 20 MB in one form; more is refused before a byte of it is read (web/shared/edge.py).
LARGEST_REQUEST = 202 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Background work --------------------------------------------------------------------------------------------------
SYNC_TASKS = env.flag("CHUANGWEI_SYNC_TASKS")
Q_CLUSTER = {
    "name": "chuangwei",
    "label": "后台任务",
    "orm": "default",
    "workers": 1,
    # The import of a county's year takes minutes. A task whose worker died is taken up again after `retry`.
    "timeout": 1500,
    "retry": 1560,
    "max_attempts": 3,
    "ack_failures": False,
    "catch_up": False,
    # What recurs is ours: `chuangwei tick`.
    "scheduler": False,
    "poll": 1,
    "save_limit": 500,
    "sync": SYNC_TASKS,
}

# --- Backups ----------------------------------------------------------------------------------------------------------
# Better a folder on another disk, or one that is carried to another machine.
BACKUPS = env.path("CHUANGWEI_BACKUPS", CHUANGWEI_HOME / "backups")
BACKUP_DAILY = env.flag("CHUANGWEI_BACKUP_DAILY", default=True)
# The newest of so many days, weeks and months.
BACKUP_RETENTION = Retention(*env.integers("CHUANGWEI_BACKUP_KEEP", (7, 4, 12)))

# --- Log --------------------------------------------------------------------------------------------------------------
# Six months of network logs are the law's (网络安全法, article 21), and a few days more.
LOG_DAYS = env.integer("CHUANGWEI_LOG_DAYS", 200)
LOGGING = logs.logging_of(CHUANGWEI_LOGS)
