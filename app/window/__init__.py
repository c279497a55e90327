"""The main window: it composes what the other rooms bring."""
