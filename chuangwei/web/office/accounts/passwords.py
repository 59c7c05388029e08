"""Passwords the program makes for somebody's first sign-in."""

import secrets

# Without the letters and digits that people take for one another when they copy them from a screen.
EASY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def first_password() -> str:
    """Sixteen letters in groups of four, to be read out or written down once."""
    return "-".join("".join(secrets.choice(EASY_LETTERS) for _ in range(4)) for _ in range(4))
