"""Matching: from candidates to a proposal of pairs, each step a module.

facts          what the matching knows about people, and what it is asked to do
sides          who of those who chose `either` becomes mentor and who mentee
eligibility    which pairs a hard rule forbids
features       answers as arrays; `comparers` compare them, for the pairs in view (`views`)
soft           soft rules and wishes
compatibility  how well the others suit each other; `scored` holds scores and rules together
prepared       candidates and a plan, made ready
market         the question: scores, places, locked pairs
shortlist      a few good candidates for each mentee
largest        the largest set of pairs (`search`), and what proves that it is (`scarcity`)
floor          the worst pair as good as possible
flow           the solver
prices         the proof that pairs are the best
price_search   the same among all pairs at once, for hard input
even           the most even of equally good pairs, then chance (`ties`)
stable         pairs whom no two would leave for each other
assignment     all of that, in order
checker        whether a certificate holds; shares nothing with the above
certificate    what is claimed and its proof, as JSON (`given` reads what people wrote)
matrix         a bare matrix of scores in a file (`spreadsheet`, `matrix_result`)
people_file    people and a plan in a file (`people_result`)
explain        why, in sentences
propose        all of it, from candidates
reroute        the cheapest way to change one pair of a proved assignment
why_not        what it would cost to pair two others
repair         late joiners and drop-outs, with few changes
fairness       how evenly pairs are good
peers          everybody both: pairs (`triads`, circles) among equals
"""
