"""Why a command refuses."""


class Refusal(Exception):
    """The operator asks for what cannot be; the message is the one line to read."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint
