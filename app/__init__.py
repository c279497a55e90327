"""The window of Voicelanes. All of Qt is in here, and nothing in here computes speech."""
