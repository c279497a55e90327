"""Voices that are known: the book, how they get into it, and how they are recognised.

Empty on purpose: a start without known voices loads nothing of it.
"""
