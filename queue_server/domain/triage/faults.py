"""What is wrong with a triage script: the server does not start with one.

No citizen ever sees these; they are for whoever writes the scripts.
"""

from __future__ import annotations


class ScriptFault(Exception):
    """A script that must not be used. `script` names it, `where` the place in it."""

    def __init__(self, script: str, where: str, what: str = "") -> None:
        super().__init__(": ".join(each for each in (script, where, what) if each))
        self.script, self.where = script, where


class BadField(ScriptFault):
    """A field is missing, unknown, or of the wrong kind."""


class MissingTranslation(ScriptFault):
    """A text is not there in every language, or has not the same lines in each."""


class UnknownNode(ScriptFault):
    """Something leads to a question or advice that does not exist."""


class UnreachableNode(ScriptFault):
    """No answers lead to a question or advice."""


class CyclicScript(ScriptFault):
    """Answers lead back to a question that was asked before."""


class NoNextStep(ScriptFault):
    """Advice does not say what to do next."""


class NoReason(ScriptFault):
    """Advice does not say why."""


class BadUrgency(ScriptFault):
    """URGENT advice names no known reason, or other advice names one."""


class TooManyQuestions(ScriptFault):
    """Somebody would be asked more than the script may ask."""


class NoScenario(ScriptFault):
    """No example leads to a piece of advice."""


class WrongScenario(ScriptFault):
    """An example does not lead where it says."""


class OverlappingScripts(ScriptFault):
    """Two scripts are for the same service on the same day."""


class NoScript(ScriptFault):
    """Services of a channel have no script in a mode."""
