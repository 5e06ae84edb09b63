# two thin lenses, lengths in cm
n = 1.52
R1 = 14
R2 = -22
do1 = 40
gap = 60
f2 = 9
ho = 1.5
P = (n - 1)*(1/R1 - 1/R2) = 0.06078
dP/dn = 1/R1 - 1/R2 = 0.1169
f1 = 1/P = 16.45
inv1 = 1/f1 - 1/do1 = 1/16.45 - 1/40 = 0.03579
di1 = 1/inv1 = 27.94
m1 = -di1/do1 = 0.6985
hi1 = m1*ho = 1.048
do2 = gap - di1 = 60 - 27.94 = 32.06
inv2 = 1/f2 - 1/do2 = 0.14230
di2 = 1/inv2 = 7.03
m2 = -di2/do2 = -0.2193
m = m1*m2 = -0.1532
h_end = m*ho = -0.230
