"""Training, import, export and the reference engine. Needs the ``[train]`` extra."""
