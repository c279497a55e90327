"""What a screen reader hears of the window: run by the system's Python, which has pyatspi.

Prints, as JSON, how many things of each role there are, and the role and place of every control
that is shown without a name.
"""

import json
import sys
import time
from collections import Counter

import pyatspi

CONTROLS = {
    *("push button", "toggle button", "check box", "radio button", "combo box", "slider"),
    *("spin button", "text", "entry", "table", "tree", "page tab", "menu item", "check menu item"),
}
PATIENCE_S = 120.0


def window():
    """The frame of the program, once it is on the bus."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        for application in pyatspi.Registry.getDesktop(0):
            for frame in application or ():
                if frame is not None and frame.getState().contains(pyatspi.STATE_SHOWING):
                    return frame
        time.sleep(0.2)
    sys.exit("no window on the bus of screen readers")


def main():
    roles, nameless = Counter(), []
    waiting = [(window(), "")]
    while waiting:
        one, place = waiting.pop()
        role = one.getRoleName()
        roles[role] += 1
        shown = one.getState().contains(pyatspi.STATE_SHOWING)
        if role in CONTROLS and shown and not one.name:
            nameless.append(f"{place}/{role}")
        waiting += [(child, f"{place}/{role} {one.name}") for child in one if child is not None]
    print(json.dumps({"roles": roles, "nameless": nameless}))


main()
