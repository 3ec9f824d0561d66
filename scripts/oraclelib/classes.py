"""Who is a machine, and why a bounce happened: this program's own statement of both."""

import re

from .text import Malformed

# Apple's privacy proxy says nothing else; the second is a mailbox provider's fetch at delivery.
MACHINE_AGENTS = {
    "Mozilla/5.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
}

# Scanners, scripts and previews that name themselves. Image proxies that act for a reader are none.
MACHINE_TOKENS = (
    "Barracuda Sentinel",
    "Mimecast-URL",
    "Proofpoint URL Defense",
    "SafeLinks",
    "Symantec",
    "IronPort",
    "HeadlessChrome",
    "python-requests",
    "curl/",
    "Go-http-client",
    "BingPreview",
    "Googlebot",
    "bingbot",
)


def is_machine(user_agent):
    return user_agent in MACHINE_AGENTS or any(token in user_agent for token in MACHINE_TOKENS)


HARD = set("5.1.0 5.1.1 5.1.2 5.1.3 5.1.4 5.1.6 5.1.10 5.2.1 5.4.4 5.7.13 5.7.17 5.7.18".split())
BLOCK = {"5.1.7", "5.1.8"}
SOFT = {"5.2.2", "5.2.3"}
CLASSES = {"hard", "soft", "block", "unknown"}


def bounce_class(stated, code):
    """The class a record names, else that of its enhanced status code, else `unknown`."""
    if stated:
        if stated.lower() not in CLASSES:
            raise Malformed("malformed")
        return stated.lower()
    if not code or not re.fullmatch(r"\d\.\d{1,3}\.\d{1,3}", code):
        return "unknown"
    if code in HARD:
        return "hard"
    if code in BLOCK or code.startswith(("5.6.", "5.7.")):
        return "block"
    if code in SOFT or code.startswith(("4.", "5.3.", "5.4.", "5.5.")):
        return "soft"
    return "unknown"
