"""Every operation, one row each (`rows.py`), and the formulas and sentences that follow from the rows."""
