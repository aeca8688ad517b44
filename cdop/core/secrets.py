"""The keys that the settings hold in base64, as the bytes that they stand for."""

import base64
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


def secret(name: str) -> bytes:
    """The 32 bytes of the setting ``name``."""
    return key_bytes(name, getattr(settings, name))


def masters() -> Sequence[bytes]:
    """The master keys: the first wraps, all unwrap."""
    return [key_bytes("MASTER_KEYS", text) for text in settings.MASTER_KEYS]


def check() -> None:
    """Raises ImproperlyConfigured where a key is not 32 bytes in base64."""
    masters()
    for name in ("TOKEN_KEY", "AUDIT_KEY"):
        secret(name)


def key_bytes(name: str, text: str) -> bytes:
    """The bytes of one key. Raises ImproperlyConfigured where they are not 32 in base64."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must be {KEY_BYTES} bytes in base64.")
    return key
