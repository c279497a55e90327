"""What can go wrong for a reason the person can act on.

Every message is one line: what happened, and what to do. The command line prints it after
``voicelanes:`` and exits with 1; the window shows it in its notices area. Anything that is not a
:class:`VoicelanesError` is a defect of ours.
"""


class VoicelanesError(Exception):
    """Base of every expected failure; ``str()`` is one complete line for the person."""


class InputError(VoicelanesError):
    """A recording or annotation can't be used as it is."""


class NewerVersion(InputError):
    """A file was written by a newer version of the program: intact, but not to be read here."""


class OutputError(VoicelanesError):
    """A result can't be written; what was there before is still there."""


class ChangedOnDisk(OutputError):
    """A file isn't as this program read or wrote it: somebody else saved it meanwhile."""


class EditError(VoicelanesError):
    """An edit of the turns is not possible; nothing was changed."""


class ModelError(VoicelanesError):
    """A model file is missing, damaged or not the one the manifest names."""


class RecogniserError(VoicelanesError):
    """A recogniser of speech died, gave no answer or reported a fault."""


class MissingExtraError(VoicelanesError):
    """A feature needs an optional install, such as ``[train]``."""


class Cancelled(VoicelanesError):
    """The person stopped the work; nothing half-done is left behind."""
