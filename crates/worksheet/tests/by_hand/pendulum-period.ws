# period of a pendulum, and its uncertainty
L = 0.85
g = 9.81
A = 25
uL = 0.002
ug = 0.02
T0 = 2*pi*sqrt(L/g) = 2*3.14159*sqrt(0.85/9.81) = 1.8495
omega = sqrt(g/L) = 3.3972
nu = 1/T0 = 0.5407
theta = A*pi/180 = 0.4363
T1 = T0*(1 + theta^2/16) = 1.8999
n_min = 60/T1 = 31.58
dT0/dL = T0/L = 2.1759
dT0/dg = -T0/(2*g) = -0.09427
cL = dT0/dL*uL = 0.004352
cg = dT0/dg*ug = -0.001885
uT = sqrt(cL^2 + cg^2) = 0.004743
percent = 100*uT/T0 = 0.256
vmax = sqrt(2*g*L*(1 - cos(theta))) = 1.2499
