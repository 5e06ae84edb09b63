# A term of a relative entropy, with p and q the wrong way round.
p = 0.3
q = 0.45
u = p*ln(q) = -0.5418
