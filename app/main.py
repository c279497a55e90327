"""The command ``voicelanes``: a subcommand works in the terminal, else the window opens."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt5.QtWidgets import QApplication

INSTEAD = "to work without a window use: voicelanes diarize FILE"


def main(argv: list[str] | None = None) -> int:
    """Run; exit with 0 when done, 1 where the input or the display is at fault, 2 for misuse."""
    if getattr(sys, "frozen", False):  # a process beside it begins by the same program
        import multiprocessing

        multiprocessing.freeze_support()
    arguments = sys.argv[1:] if argv is None else argv
    if len(arguments) == 1 and not _may_be_command(arguments[0]) and Path(arguments[0]).exists():
        return open_window([Path(arguments[0])])  # at once, without loading the command line
    if arguments:
        from core import cli

        if arguments[0] in cli.COMMANDS or arguments[0].startswith("-"):
            return cli.main(arguments)
        problem = _problem_with(arguments, list(cli.COMMANDS))
        if problem is not None:
            code, message = problem
            cli.output.say(message)
            return code
    return open_window([Path(argument) for argument in arguments])


def _may_be_command(word: str) -> bool:
    """A plain word or an option; a path with a folder or an ending is neither."""
    return word.startswith("-") or word.isidentifier()


def _problem_with(arguments: list[str], commands: list[str]) -> tuple[int, str] | None:
    """Exit code and line if these arguments are no recordings and folders."""
    missing = [argument for argument in arguments if not Path(argument).exists()]
    if not missing:
        return None
    first = missing[0]
    if not Path(first).suffix and len(Path(first).parts) == 1:
        near = get_close_matches(first, commands, 1)
        hint = f"did you mean: voicelanes {near[0]}" if near else "see: voicelanes --help"
        return 2, f"{first} is neither a command nor a file here; {hint}"
    return 1, f"there is no file {first}; check the path"


def open_window(paths: Sequence[Path] = ()) -> int:
    """Show the main window, with these recordings if there are any, until it is closed."""
    try:
        from PyQt5 import QtSvg, QtWidgets  # noqa: F401
    except ImportError as error:
        from core.cli.output import say
        from core.libraries import window_problem

        say(f"{': '.join(window_problem(str(error)))}; {INSTEAD}")
        return 1
    from app.startup import Logs, Reporter, Signals, display_problem, log_commit, log_folder

    with ExitStack() as until_qt:
        problem = display_problem(until_qt)
        if problem is not None:
            from core.cli.output import say

            say(f"{problem}; {INSTEAD}")
            return 1
        application = make_application()
    _keep_settings_private()
    with Logs(log_folder()) as logs, Reporter() as reporter, Signals() as signals:
        from app.widgets.notices import Problem, Way
        from app.window.main_window import MainWindow
        from app.window.work import anything_stuck

        window = MainWindow()
        reporter.caught.connect(window.notices.show_caught)
        signals.told_to_end.connect(window.end)
        if logs.last_crash:
            window.notices.show_problem(
                Problem(
                    window.tr(
                        "Voicelanes ended unexpectedly the last time. "
                        "Your recordings are untouched; copy the details into a report."
                    ),
                    logs.last_crash,
                    ways=(Way(window.tr("Open log folder"), window.help.open_log_folder),),
                    general=True,
                )
            )
        window.first_painted.connect(log_commit)
        window.show()
        if paths:
            # once it is on screen: reading must not delay the first paint
            window.first_painted.connect(lambda: window.opening.open_all(paths))
        code = int(application.exec())
    if anything_stuck():
        _end_at_once(code)
    return code


def _keep_settings_private() -> None:
    """They name the recordings that were open, and Qt makes their folder for everybody to read."""
    import platformdirs

    from core.folders import private_folder

    with suppress(OSError):  # a read-only disk must not keep the window from opening
        private_folder(Path(platformdirs.user_config_dir("Voicelanes", appauthor=False)))


def make_application() -> QApplication:
    """The one QApplication, sharp on every screen and known to the desktop by its name."""
    from PyQt5.QtCore import QCoreApplication, Qt
    from PyQt5.QtGui import QGuiApplication
    from PyQt5.QtWidgets import QApplication

    from app.style.icons import app_icon

    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_EnableHighDpiScaling)
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_UseHighDpiPixmaps)
    QCoreApplication.setOrganizationName("Voicelanes")
    QCoreApplication.setApplicationName("Voicelanes")
    QGuiApplication.setDesktopFileName("voicelanes")
    application = QApplication(sys.argv[:1])
    application.setApplicationDisplayName("Voicelanes")
    application.setWindowIcon(app_icon())
    return application


def _end_at_once(code: int) -> None:
    """A worker hangs in a system call: taking Python apart around it would abort."""
    import os

    from core.folders import remove_temporary_folders

    remove_temporary_folders()  # its own is among them
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
