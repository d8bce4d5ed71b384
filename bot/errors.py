"""Errors that mean something to somebody.

    LyceumError
    ├── UserError         the member can act on it: a localised sentence, shown only to them
    │   └── StaleError    what it is about is not there any more: the same again cannot help
    └── StartError        the operator can act on it: one line on the terminal, exit code 1, or 78
                          where starting again cannot help

Everything else is a defect: members see "something went wrong" with a reference that the
log carries too. `bot.tree` is the one place that answers.
"""

NOT_AGAIN = 78
"""The exit code of what is set wrong, `EX_CONFIG` of sysexits.h: deploy/lyceum.service knows it."""


class LyceumError(Exception):
    """Anything Lyceum itself raises on purpose."""


class UserError(LyceumError):
    """Text the member can act on.

    Parameters
    ----------
    key
        A message of the Fluent files, such as ``error-unknown-resource``.
    params
        The message's variables.
    """

    def __init__(self, key: str, **params: str | int | float) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


class StaleError(UserError):
    """What was shown is gone or has changed since, so that asking the same again cannot help."""


class StartError(LyceumError):
    """Why the program cannot start or go on, in one line for the operator.

    Parameters
    ----------
    is_for_good
        Starting again cannot help before somebody changed something: supervisors stay quiet.
    """

    def __init__(self, message: str, *, is_for_good: bool = False) -> None:
        super().__init__(message)
        self.exit_code = NOT_AGAIN if is_for_good else 1
