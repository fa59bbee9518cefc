"""Certificates that are not what they should be, made for these tests and trusted by nobody else."""

from __future__ import annotations

import ssl
import tempfile
from functools import cache
from pathlib import Path

# Signs nothing but itself.
SELF_SIGNED = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIaRAxiYHccD4vzJ7
OM3JIQ/yPNsfmDGn6T4J6pKI/yqhRANCAAQ25bn/W7yCr5J8sFAF8ZIaqnJxc1xH
AFVnW4KdJ4Tt1jbCDkVMOgjqTn4uAXXrOlmbuy3IXJVID8sek5H7iy8c
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBvjCCAWWgAwIBAgIUZzPoJoQKDgzg1fq4GfNb0oU/PkcwCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXc2VsZi1zaWduZWQuZmF1bHRzLnRlc3QwIBcNMjYxMTIyMTcz
MjI3WhgPMjEyNjEwMjkxNzMyMjdaMCIxIDAeBgNVBAMMF3NlbGYtc2lnbmVkLmZh
dWx0cy50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENuW5/1u8gq+SfLBQ
BfGSGqpycXNcRwBVZ1uCnSeE7dY2wg5FTDoI6k5+LgF16zpZm7styFyVSA/LHpOR
+4svHKN3MHUwHQYDVR0OBBYEFDX/wiE2nfL1V4il03P6yyDNTgN/MB8GA1UdIwQY
MBaAFDX/wiE2nfL1V4il03P6yyDNTgN/MA8GA1UdEwEB/wQFMAMBAf8wIgYDVR0R
BBswGYIXc2VsZi1zaWduZWQuZmF1bHRzLnRlc3QwCgYIKoZIzj0EAwIDRwAwRAIg
IBa7PZTWEwd9PKuW8qVTdJydA8AUQ4B44txK5H4clk4CICWgA3L9GiWZ5NjwgBbg
BcWxapueUVuyY//tnGlufRcZ
-----END CERTIFICATE-----
"""

AUTHORITY = """\
-----BEGIN CERTIFICATE-----
MIIBnjCCAUWgAwIBAgIUV1O1rC75NA2I4Gu2sWcRKV6XkBEwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRRGFpbHk4IHRlc3RzIG9ubHkwIBcNMjYxMTIyMTk1OTA1WhgP
MjEyNjEwMjkxOTU5MDVaMBwxGjAYBgNVBAMMEURhaWx5OCB0ZXN0cyBvbmx5MFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYGLrWuTdYAPAIgmZHLQAqNY/PObxBYb8
kuDLs+vVVFzDb/Qs1w3LLdPGYELOSyl8OflF0I5HcGvXHpprICfzcaNjMGEwHQYD
VR0OBBYEFNaN8TX5qTTQhK7Cu+zB7d3jnD9YMB8GA1UdIwQYMBaAFNaN8TX5qTTQ
hK7Cu+zB7d3jnD9YMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoG
CCqGSM49BAMCA0cAMEQCIGgt6jQMKxLTwwABqWyCiEAgtoLq9zH8Vo11Jqptao7c
AiBAnYPKGVgjsAOzOtbWG26pmumvpcFOtHgA5xPtE/TATQ==
-----END CERTIFICATE-----
"""
"""Signed what stands below; `client_context` trusts it."""
_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1NXmeeMxFcFpIQkb
aAaZXI3Xz4hEvv7fvqB7lr+3b+ihRANCAAQhrekrit3aNI3hKACOnSWyazd6EyRt
IAunAsohcNPH2wRNv8Ielw9BmIobg4Oc6Uv1bxBufw+bZATidXlO0K5w
-----END PRIVATE KEY-----
"""
_GOOD = """\
-----BEGIN CERTIFICATE-----
MIIBljCCAT2gAwIBAgICEAMwCgYIKoZIzj0EAwIwHDEaMBgGA1UEAwwRRGFpbHk4
IHRlc3RzIG9ubHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBUx
EzARBgNVBAMMCiouYmFkLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQh
rekrit3aNI3hKACOnSWyazd6EyRtIAunAsohcNPH2wRNv8Ielw9BmIobg4Oc6Uv1
bxBufw+bZATidXlO0K5wo3QwcjAVBgNVHREEDjAMggoqLmJhZC50ZXN0MAkGA1Ud
EwQCMAAwDgYDVR0PAQH/BAQDAgeAMB0GA1UdDgQWBBRvw2by/HvMLQ2cOI8af3QZ
bz/KCzAfBgNVHSMEGDAWgBTWjfE1+ak00ISuwrvswe3d45w/WDAKBggqhkjOPQQD
AgNHADBEAiAak/x3lD1wpEdSSaeFL41uDGvZSc7GhrH96k5asrIdsQIgCqLyo7qP
YCbooCpV+cXael2MO7pGofQoSvNBnRqIknk=
-----END CERTIFICATE-----
"""
_EXPIRED = """\
-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgICEAQwCgYIKoZIzj0EAwIwHDEaMBgGA1UEAwwRRGFpbHk4
IHRlc3RzIG9ubHkwHhcNMjAwMTAxMDAwMDAwWhcNMjAwMjAxMDAwMDAwWjAVMRMw
EQYDVQQDDAoqLmJhZC50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIa3p
K4rd2jSN4SgAjp0lsms3ehMkbSALpwLKIXDTx9sETb/CHpcPQZiKG4ODnOlL9W8Q
bn8Pm2QE4nV5TtCucKN0MHIwFQYDVR0RBA4wDIIKKi5iYWQudGVzdDAJBgNVHRME
AjAAMA4GA1UdDwEB/wQEAwIHgDAdBgNVHQ4EFgQUb8Nm8vx7zC0NnDiPGn90GW8/
ygswHwYDVR0jBBgwFoAU1o3xNfmpNNCErsK77MHt3eOcP1gwCgYIKoZIzj0EAwID
SAAwRQIgGNibuVJIaIxzusrJlW4NAwUO10nyYClMn0Kicjsczf8CIQCYCyy+QSzO
PR2gDewmldwl1qbb9N3wSsHu0TfQ1ij4Ew==
-----END CERTIFICATE-----
"""
_OF_ANOTHER = """\
-----BEGIN CERTIFICATE-----
MIIBnzCCAUWgAwIBAgICEAUwCgYIKoZIzj0EAwIwHDEaMBgGA1UEAwwRRGFpbHk4
IHRlc3RzIG9ubHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBkx
FzAVBgNVBAMMDmVsc2V3aGVyZS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAEIa3pK4rd2jSN4SgAjp0lsms3ehMkbSALpwLKIXDTx9sETb/CHpcPQZiKG4OD
nOlL9W8Qbn8Pm2QE4nV5TtCucKN4MHYwGQYDVR0RBBIwEIIOZWxzZXdoZXJlLnRl
c3QwCQYDVR0TBAIwADAOBgNVHQ8BAf8EBAMCB4AwHQYDVR0OBBYEFG/DZvL8e8wt
DZw4jxp/dBlvP8oLMB8GA1UdIwQYMBaAFNaN8TX5qTTQhK7Cu+zB7d3jnD9YMAoG
CCqGSM49BAMCA0gAMEUCIF7YCwt88Zlt8yfNgKnBTFqxHFG+DAJFPaOzotcQl4iJ
AiEA3wH/IS1zMTwPX9GjXHm+slgZthKTa/LUgsEGeR01E0I=
-----END CERTIFICATE-----
"""

CERTIFICATES = {
    "tls-fine.bad.test": _KEY + _GOOD,
    "tls-expired.bad.test": _KEY + _EXPIRED,
    "tls-of-another.bad.test": _KEY + _OF_ANOTHER,
}
"""By the name that a client asks for; all else is answered with `SELF_SIGNED`."""


def client_context() -> ssl.SSLContext:
    """Make the trust of a client that believes in `AUTHORITY` alone."""
    return ssl.create_default_context(cadata=AUTHORITY)


@cache
def server_context() -> ssl.SSLContext:
    """Make the context of a server that has a certificate for each name."""
    contexts = {name: _context(text) for name, text in CERTIFICATES.items()}
    context = _context(SELF_SIGNED)

    def choose(sock: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name in contexts:
            sock.context = contexts[name]

    context.sni_callback = choose
    return context


def _context(text: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "both.pem")
        file.write_text(text)
        context.load_cert_chain(file)
    return context
