"""A round-up as the bytes of a mail: these headers, one line, and nothing else."""

from datetime import UTC, datetime
from email.utils import format_datetime

SUBJECT = "microblog round-up"


def write_message(sender: str, address: str, line: str, message_id: str, made: int) -> bytes:
    """Return the mail; the same for the same arguments, whenever it is sent.

    The addresses are plain ones, which the caller has checked; so none can end a header.
    """
    date = format_datetime(datetime.fromtimestamp(made // 1000, UTC))
    headers = {
        "Date": date,
        "From": sender,
        "To": address,
        "Subject": SUBJECT,
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=us-ascii",
        "Content-Transfer-Encoding": "7bit",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{head}\r\n{line}\r\n".encode("ascii")


def message_id(token: str, sender: str) -> str:
    """Return the Message-ID of a random token, at the host that mails come from."""
    return f"<{token}@{sender.rpartition('@')[2]}>"
