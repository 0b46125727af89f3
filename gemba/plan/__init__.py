"""The plan of measures: targets as written, indicators that fill them, quarters collected and locked.

A row of the plan names an indicator; modules register indicators in `metrics`; what no module feeds yet is kept in the
journal of events or entered by hand with evidence. `rules` compares a fact with a target and says the state in words.
"""
