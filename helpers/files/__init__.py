"""Whole writes, limits, problems, dates, addresses and child processes: what every room needs of the machine."""
