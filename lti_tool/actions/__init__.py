"""One function = one thing a person or the clock does = one transaction: load, decide, save.

Whatever speaks with an LMS does so between two transactions, never inside one.
"""
