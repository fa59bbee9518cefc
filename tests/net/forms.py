"""Ways to write an address that must not be reached; ``{port}`` stands for the port of who listens there."""

from __future__ import annotations

# Spellings of loopback, this machine, its neighbours and the metadata services of clouds.
_FORMS = """
127.0.0.1 127.1 127.0.1 127.127.127.127 127.0.0.1. 0 0.0.0.0 0x7f000001 0x7f.0.0.1 0x7f.1 0X7F000001
2130706433 017700000001 0177.0.0.1 0177.1 00000177.0.0.1 127.0.0.01 3232235521 1 127.0.0.0x1
256.256.256.256 ①②⑦.⓪.⓪.① １２７.０.０.１ 127。0。0。1 127．0．0．1 ⓪x7f000001 localhost localhost. LOCALHOST
ⓛⓞⓒⓐⓛⓗⓞⓢⓣ a.localhost localhost.localdomain ip6-localhost intranet printer.local router.lan db.internal
metadata metadata.google.internal instance-data.ec2.internal kubernetes.default.svc.cluster.local [::]
[::1] [0:0:0:0:0:0:0:1] [0000::0001] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:0:127.0.0.1]
[::127.0.0.1] [::7f00:1] [::a9fe:a9fe] [64:ff9b::127.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::a9fe:a9fe]
[2002:7f00:1::] [2002:a9fe:a9fe::] [2001:0:4136:e378:8000:63bf:f5ff:fffe] [2001::1] [fd00:ec2::254]
[fc00::1] [fe80::1] [fec0::1] [ff02::1] [2001:db8::1] [3fff::1] [100::1] [5f00::1] [::ffff:8.8.8.8]
169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16 10.0.0.1 172.16.0.1
172.31.255.255 192.168.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1 240.0.0.1
255.255.255.255
"""
# What is not even an address, or hides its host: refused before anything is looked up.
_CONFUSING = """
file:///etc/passwd gopher://127.0.0.1:{port}/ dict://127.0.0.1:{port}/ ftp://127.0.0.1:{port}/ data:,x
javascript:alert(1) feed:http://127.0.0.1:{port}/ view-source:http://127.0.0.1:{port}/
jar:http://127.0.0.1:{port}/!/ http://good.example@127.0.0.1:{port}/
http://127.0.0.1:{port}@good.example/ http://good.example\\@127.0.0.1:{port}/
http://127.0.0.1:{port}\\@good.example/ http:///127.0.0.1:{port}/ http:127.0.0.1:{port}
//127.0.0.1:{port}/ http://[fe80::1%25lo]:{port}/ http://[::1%25lo]:{port}/ http://[::1:{port}/
http://127.0.0.1:{port}#@good.example/ http://127.0.0.1:{port}?@good.example/
http://%31%32%37.0.0.1:{port}/ http://127.0.0.1%2f@good.example:{port}/ http://good.example:0/
http://good.example:22/ http://good.example:25/ http://good.example:6379/ http://good.example:65536/
http://good.example:-1/ http://good.example:99999999999999999999/ http:// http://:{port}/ http://./
http://../ http://a..b/ http://-/ unix:///tmp/socket
"""
FORMS, CONFUSING = _FORMS.split(), _CONFUSING.split()
WITH_CONTROLS = [
    "http://127.0.0.1\t:{port}/",
    "http://127.0.\n0.1:{port}/",
    "http://127.0.0.1\r\n:{port}/",
    "\x00http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/\x00",
    "http://127.0.0.1 :{port}/",
    " http://127.0.0.1:{port}/",
]
