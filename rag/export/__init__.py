"""Quizzes, cards, guides and conversations as files that other programs read."""
