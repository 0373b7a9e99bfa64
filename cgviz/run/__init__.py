"""Functions of named numbers: typed as text, run again for other numbers, descended, differentiated twice."""
