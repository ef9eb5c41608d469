"""Matching: from candidates to a proposal of pairs, each step a module.

facts          what the matching knows about people, and what it is asked to do
sides          who of those who chose `either` becomes mentor and who mentee
eligibility    which pairs a hard rule forbids
features       answers as arrays
compatibility  how well the others suit each other
flow           the solver
prices         the proof that an assignment is the best
assignment     the best pairs
explain        why, in sentences
propose        all of it, in this order
"""
