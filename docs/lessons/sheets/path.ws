# The example network, and the way down to w1. One number is wrong.

x1 = 0.05
x2 = 0.10
t1 = 0.01
t2 = 0.99
w1 = 0.15
w2 = 0.20
w3 = 0.25
w4 = 0.30
w5 = 0.40
w6 = 0.45
w7 = 0.50
w8 = 0.55
b1 = 0.30
b2 = 0.60

z1 = w1*x1 + w2*x2 + b1 = 0.3275
z2 = w3*x1 + w4*x2 + b1 = 0.3425
h1 = sigmoid(z1) = 0.5812
h2 = sigmoid(z2) = 0.5848
y1 = w5*h1 + w6*h2 + b2 = 1.0956
y2 = w7*h1 + w8*h2 + b2 = 1.2122
o1 = sigmoid(y1) = 0.7494
o2 = sigmoid(y2) = 0.7707
E1 = 1/2*(t1 - o1)^2 = 0.2734
E2 = 1/2*(t2 - o2)^2 = 0.0240
E = E1 + E2 = 0.2974

dE/dy1 = (o1 - t1)*o1*(1 - o1) = 0.1389
dE/dy2 = (o2 - t2)*o2*(1 - o2) = -0.0388
dE/dh1 = 0.0555
dE/dz1 = dE/dh1*h1*(1 - h1) = 0.0135
dE/dw1 = dE/dz1*x1 = 0.0007
