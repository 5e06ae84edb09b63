# The volatility is worked out anew with T where its root belongs.
T = 0.5
sig = 0.2
m = -0.0238
rt = sqrt(T) = 0.70711
sv = sig*rt = 0.14142
d = m/sv = -0.2380
