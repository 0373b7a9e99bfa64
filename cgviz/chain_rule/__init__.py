"""The chain rule on the records of any graph: the gradients, and how they come about, in formulas and in words."""
