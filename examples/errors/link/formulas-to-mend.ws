# What is wrong with each formula is said beside it.
a = 3
b = 0.7
c = 1.3
r = a/(b + c) = 1.5 = a/(b + c)^2
k = c^2*b = 1.183 = c*b
s = sqrt(a*c)*b = a*c*b
u = b/a + c = a/b + c
v = a*c - b = -a*c - b
