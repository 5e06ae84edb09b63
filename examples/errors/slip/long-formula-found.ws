# Each line reads the one above three times, and none has a number: written out it is endless.
a0 = 0.51
a1 = a0*a0 + 0.31*a0
a2 = a1*a1 + 0.32*a1
a3 = a2*a2 + 0.33*a2
a4 = a3*a3 + 0.34*a3
a5 = a4*a4 + 0.35*a4
a6 = a5*a5 + 0.36*a5
a7 = a6*a6 + 0.37*a6
a8 = a7*a7 + 2.38*a7
a9 = a8*a8 + 3.39*a8 = 0.0265
