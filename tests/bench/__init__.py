"""`make bench`: the product beside named peers and limits, on one machine, in one run. Ratios; never a timed test."""
