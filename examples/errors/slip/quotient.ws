# The dose of an inhibitor over its constant, turned over.
I = 1.4
Ki = 0.85
K = 0.38*(1 + I/Ki) = 0.6107
