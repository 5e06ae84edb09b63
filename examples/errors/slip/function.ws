# The logarithm to the base of ten, where the natural one belongs.
p = 0.6254
L = -ln(p) = 0.2038
