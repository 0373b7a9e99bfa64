"""A learner's tries, in a small file that she can send to her teacher."""
