"""Was this spun, where, and how sure is that?"""
