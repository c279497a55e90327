"""The window of Voicelanes. All of Qt is below this package; nothing here computes anything about speech."""
