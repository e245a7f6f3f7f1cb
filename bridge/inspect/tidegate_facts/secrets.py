"""Secrets that nobody should find in a tree: keys and tokens by their own forms, never by a guess about entropy."""

import re

_ENDINGS = (
    ".py", ".xml", ".csv", ".json", ".yml", ".yaml", ".cfg", ".conf", ".ini", ".env", ".txt", ".md", ".rst", ".sh",
    ".sql", ".pem", ".key", ".crt", ".js", ".toml", ".properties",
)  # fmt: skip

_BINARY_KEYS = (".p12", ".pfx", ".jks", ".keystore")

_FORMS = re.compile(
    rb"(?P<private_key>-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\s|\\n|&#10;)+[A-Za-z0-9+/=:, -]{16})"
    rb"|\b(?P<aws_access_key>AKIA[0-9A-Z]{16})\b"
    rb"|\b(?P<github_token>gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})"
    rb"|\b(?P<gitlab_token>glpat-[A-Za-z0-9_-]{20,})"
    rb"|\b(?P<slack_token>xox[abprs]-[0-9A-Za-z-]{20,})"
    rb"|\b(?P<stripe_key>[rs]k_live_[0-9A-Za-z]{20,})"
    rb"|\b(?P<google_key>AIza[0-9A-Za-z_-]{35})\b"
)

#: A password in a connection address: postgresql://user:secret@host
_ADDRESS = re.compile(rb"\b(?:postgres(?:ql)?|mysql|amqp|redis|mongodb|ftps?|sftp)://[^\s:/@'\"<>]+:([^\s:/@'\"<>{}$%]{3,})@")

#: One of these is in every file in which the forms above could match; looking for them is ten times as quick.
_HINTS = (
    b"PRIVATE KEY-----", b"AKIA", b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_", b"glpat-", b"xox",
    b"k_live_", b"AIza",
)  # fmt: skip
_SCHEMES = (
    b"postgres://", b"postgresql://", b"mysql://", b"amqp://", b"redis://", b"mongodb://", b"ftp://", b"ftps://", b"sftp://",
)  # fmt: skip

_MOST = 20


def is_searched(path):
    name = path.rsplit("/", 1)[-1]
    return not path.startswith(("static/lib/", "i18n/")) and (
        name.endswith(_ENDINGS) or name.endswith(_BINARY_KEYS) or name.startswith((".env", "id_rsa", "id_ed25519"))
    )


def search(path, content):
    if path.endswith(_BINARY_KEYS):
        return [{"kind": "key_store", "file": path, "line": 1}]
    found = []
    if any(hint in content for hint in _HINTS):
        found += [_at(match.lastgroup, path, content, match.start()) for match in _FORMS.finditer(content)]
    if any(scheme in content for scheme in _SCHEMES):
        found += [_at("password_in_address", path, content, match.start()) for match in _ADDRESS.finditer(content)]
    return found[:_MOST]


def _at(kind, path, content, place):
    return {"kind": kind, "file": path, "line": content.count(b"\n", 0, place) + 1}
