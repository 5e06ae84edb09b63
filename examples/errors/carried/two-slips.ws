# Both must be mended before the last number is right.
a = 0.31
b = 0.7
p = a + 1 = 1.13
q = p*b = 0.197
r = q^2 + 1 = 1.0388
