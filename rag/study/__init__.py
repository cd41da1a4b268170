"""Quizzes, flashcards and study guides made from the sources, every item and sentence tied to its page."""
