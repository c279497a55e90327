"""Furniture that many rooms share: notices, questions, tables, dialogs, workers."""
