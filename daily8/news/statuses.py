"""Say in plain words what a web server answered."""

from __future__ import annotations

_SENTENCES = {
    401: "The publisher asks for a password at this address.",
    402: "The publisher asks for payment at this address.",
    403: "The publisher refuses us this address.",
    404: "There is nothing at this address.",
    410: "The publisher says that this address is gone for good.",
    429: "The publisher says that it is asked too often.",
    451: "The publisher may not show this address for legal reasons.",
    503: "The publisher's server is not available at the moment.",
}


def explain_status(status: int) -> str:
    """Say a status other than 200 as one sentence, with its number (RFC 9110 section 15)."""
    if sentence := _SENTENCES.get(status):
        return f"{sentence[:-1]} (HTTP {status})."
    if status >= 500:
        return f"The publisher's server failed (HTTP {status})."
    if status in (204, 205, 206, 304):
        return f"The publisher's server answered without the document (HTTP {status})."
    return f"The publisher's server gave an answer that cannot be used (HTTP {status})."
