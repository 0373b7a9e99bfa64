"""Pages to keep and to print: what has been done, what there is to know, and that it was done."""
