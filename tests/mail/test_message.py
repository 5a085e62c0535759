"""A mail, byte for byte: these headers and one line."""

from __future__ import annotations

from microblog.mail.message import message_id, write_message

MAIL = b"""\
Date: Thu, 29 Jan 2026 08:00:00 +0000\r
From: round-up@council.example\r
To: ada@council.example\r
Subject: microblog round-up\r
Message-ID: <00ff@council.example>\r
Auto-Submitted: auto-generated\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=us-ascii\r
Content-Transfer-Encoding: 7bit\r
\r
microblog: 1 new\r
"""


def test_a_mail_has_these_headers_and_one_line():
    made = 1_769_673_600_000
    data = write_message(
        "round-up@council.example", "ada@council.example", "microblog: 1 new",
        message_id("00ff", "round-up@council.example"), made,
    )  # fmt: skip
    assert data == MAIL
