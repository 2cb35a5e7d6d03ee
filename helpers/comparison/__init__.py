"""Substitutions, their kinds, how often they are made, paragraphs, furniture; a whole corpus compared."""
