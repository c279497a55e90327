"""What the stand-in for the engine finds, and what is in a folder afterwards."""

from core.annotation.values import Annotation, Turn

TURNS = Annotation.build([Turn(4608, 70_496, 0), Turn(70_496, 123_184, 1)], 130_000)


def names(folder):
    return sorted(p.name for p in folder.iterdir())
