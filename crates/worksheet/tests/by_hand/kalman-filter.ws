# a Kalman filter in one dimension, two steps
x0 = 2.0
P0 = 0.6
a = 0.95
Q = 0.05
R = 0.4
z1 = 2.3
z2 = 1.7
xp1 = a*x0 = 1.90
Pp1 = a^2*P0 + Q = 0.6200
S1 = Pp1 + R = 1.0200
K1 = Pp1/S1 = 0.6078
y1 = z1 - xp1 = 0.40
xh1 = xp1 + K1*y1 = 1.90 + 0.6078*0.40 = 2.1431
P1 = (1 - K1)*Pp1 = 0.2353
dK1/dPp1 = R/S1^2 = 0.3845
xp2 = a*xh1 = 2.0359
Pp2 = a^2*P1 + Q = 0.2624
K2 = Pp2/(Pp2 + R) = 0.3961
y2 = z2 - xp2 = -0.3359
xh2 = xp2 + K2*y2 = 2.1689
P2 = (1 - K2)*Pp2 = 0.1585
sd = sqrt(P2) = 0.3981
