# The error is taken the other way round.
t = 0.25
o = 0.7513
x = 0.6
d = (o - t)*x + 0.05 = -0.2508
