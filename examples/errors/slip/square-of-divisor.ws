# The slope of a saturation curve; no formula says how it was come by.
Vm = 12.5
Km = 0.38
S = 0.9
v = Vm*S/(Km + S) = 8.789
dv/dS = 3.711
