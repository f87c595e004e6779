"""Parsing only what is asked for: a text's words, its parts, and the tree that they make.

The plain meaning is `names/scopes.py`: a tree of the whole file, and the names that it binds. A `Tree` gives the same
answers, and parses a part of the text when an answer first depends on it. That is worth its code: over seven packages,
`check` took 1.0 to 2.8 times the CPU with whole trees that were bound statement by statement, and 1.2 to 3.8 times
with whole trees that were bound at once.

In the order of the road: `triggers.py` (may the text hold a finding, and where), `masking.py` and `splitter.py` (which
statement is that in), `partial_tree.py` (the tree, and what is added to it), `unfinished.py` (nodes that complete
themselves), `kept_trees.py` (the trees of the last files).
"""
