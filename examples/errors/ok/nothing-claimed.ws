# Givens alone: nothing is claimed.
x = 0.5
