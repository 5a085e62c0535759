"""The dialogue with the mail server, in two steps: who it is from and to; and then the words.

Between the two the caller writes down that the words are on their way.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer

from microblog.settings import Mail

SILENT_SECONDS = 30
# For one step of the dialogue in all, so that a server that answers letter by letter holds nobody.
STEP_SECONDS = 120
# A farewell is not waited for as an answer is.
FAREWELL_SECONDS = 2

_CLOSING = 421


class Unreachable(Exception):
    """There is no dialogue; the message says why, `code` is the mail server's, 0 without one."""

    def __init__(self, why: str, code: int = 0) -> None:
        super().__init__(why)
        self.code = code


class Courier:
    """An open dialogue with a mail server."""

    def __init__(self, mail: Mail, password: str, step_seconds: float = STEP_SECONDS) -> None:
        """Connect and sign in.

        Raises:
            Unreachable: the server is not there, has no TLS, is not who it should be, or refuses.
        """
        self._mail = mail
        self._step_seconds = step_seconds
        # What a hello says of this machine is the name that mails come from, and no more.
        self._smtp = _Connection(
            local_hostname=mail.sender.rpartition("@")[2], timeout=SILENT_SECONDS
        )
        try:
            with self._in_time():
                self._connect(password)
        except BaseException:
            self.close()
            raise

    def offer(self, address: str) -> int:
        """Say who a mail is from and to, and return the answer's code; 250: it may be given.

        Raises:
            Unreachable: the dialogue is over.
        """
        with self._in_time():
            self._smtp.rset()
            code = self._smtp.mail(self._mail.sender)[0]
            if code // 100 == 2:
                code = self._smtp.rcpt(address)[0]
        return _answer(code)

    def give(self, message: bytes) -> int:
        """Give the words of the mail that was offered, and return the answer's code.

        Raises:
            Unreachable: there is no answer: they may have arrived, or not.
        """
        with self._in_time():
            try:
                code = self._smtp.data(message)[0]
            except smtplib.SMTPDataError as refusal:
                code = refusal.smtp_code
                if code // 100 == 2:
                    raise Unreachable("the mail server takes words before they are sent") from None
        return _answer(code)

    def close(self) -> None:
        """End the dialogue."""
        with suppress(Unreachable), self._in_time():
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(FAREWELL_SECONDS)
                self._smtp.docmd("QUIT")
        self._smtp.close()

    def _connect(self, password: str) -> None:
        mail, smtp = self._mail, self._smtp
        # All that this machine trusts is read for it, which takes longer than the rest.
        is_secured = mail.tls or not mail.is_near or mail.authorities
        context = _trusting(mail) if is_secured else None
        if mail.tls:
            smtp.first = context
        code = smtp.connect(mail.host, mail.port)[0]
        if code != 220:
            raise Unreachable("the mail server does not greet", code)
        smtp.ehlo_or_helo_if_needed()
        if context is not None and not mail.tls:
            if not smtp.has_extn("starttls"):
                raise Unreachable("the mail server offers no TLS")
            if smtp.docmd("STARTTLS")[0] != 220:
                raise Unreachable("the mail server refuses TLS")
            smtp.secure(context, mail.host)
            smtp.ehlo_or_helo_if_needed()
        if mail.user:
            smtp.login(mail.user, password)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """Turn every way in which a dialogue ends into one, and end it when it takes too long."""
        timer = Timer(self._step_seconds, self._smtp.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except smtplib.SMTPAuthenticationError as error:
            raise Unreachable("the mail server refuses user or password", error.smtp_code) from None
        except smtplib.SMTPResponseException as error:
            raise Unreachable("the mail server refuses to talk", error.smtp_code) from None
        except ssl.SSLCertVerificationError:
            raise Unreachable("the mail server's certificate is not to be trusted") from None
        except ssl.SSLError:
            raise Unreachable("TLS with the mail server fails") from None
        except smtplib.SMTPNotSupportedError:
            raise Unreachable("the mail server takes no user and password") from None
        except (OSError, smtplib.SMTPException, ValueError):
            # What it says may hold an address: it is not repeated.
            raise Unreachable("the mail server cannot be reached, or hangs up") from None
        finally:
            timer.cancel()


def _trusting(mail: Mail) -> ssl.SSLContext:
    cafile = str(mail.authorities) if mail.authorities else None
    return ssl.create_default_context(cafile=cafile)


def _answer(code: int) -> int:
    """Return the code of an answer that settles something.

    Raises:
        Unreachable: it settles nothing, or the mail server closes.
    """
    if code == _CLOSING:
        raise Unreachable("the mail server closes", code)
    if code // 100 not in (2, 4, 5):
        raise Unreachable("the mail server's answer is none")
    return code


class _Connection(smtplib.SMTP):
    """An SMTP connection that may have TLS from its first byte, and that a timer can cut."""

    first: ssl.SSLContext | None = None

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Go on in TLS; nothing that was said before counts."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected
        wrapped = context.wrap_socket(
            self.sock, server_hostname=host, do_handshake_on_connect=False
        )
        self.sock = wrapped
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False
        wrapped.do_handshake()

    def cut(self) -> None:
        """Shut the connection, so that whoever waits for it hears of it."""
        if self.sock is not None:
            with suppress(OSError):
                # Not as TLS does it: that would first take the encryption away.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        self.sock = socket.create_connection((host, port), timeout)
        if self.first is not None:
            self.secure(self.first, host)
        return self.sock
