# a network of two layers, one step
x1 = 0.35
x2 = 0.9
a1 = 0.22
a2 = -0.41
a3 = 0.63
a4 = 0.17
v1 = 0.55
v2 = -0.32
v3 = 0.28
v4 = 0.71
T1 = 0.2
T2 = 0.8
lr = 0.4
p1 = a1*x1 + a2*x2 = -0.29200
p2 = a3*x1 + a4*x2 = 0.37350
h1 = sigmoid(p1) = 0.42751
h2 = sigmoid(p2) = 0.59230
q1 = v1*h1 + v2*h2 = 0.04560
q2 = v3*h1 + v4*h2 = 0.54024
o1 = sigmoid(q1) = 0.51140
o2 = sigmoid(q2) = 0.63187
E = 1/2*(o1 - T1)^2 + 1/2*(o2 - T2)^2 = 0.06262
dE/dq1 = (o1 - T1)*o1*(1 - o1) = 0.07781
dE/dq2 = (o2 - T2)*o2*(1 - o2) = -0.03911
dE/dv1 = dE/dq1*h1 = 0.03326
dE/dv2 = dE/dq1*h2 = 0.04609
dE/dv3 = dE/dq2*h1 = -0.01672
dE/dv4 = dE/dq2*h2 = -0.02316
v1' = v1 - lr*dE/dv1 = 0.53670
v2' = v2 - lr*dE/dv2 = -0.33844
v3' = v3 - lr*dE/dv3 = 0.28669
v4' = v4 - lr*dE/dv4 = 0.71926
dE/dh1 = dE/dq1*v1 = 0.04280
dE/dh2 = dE/dq1*v2 + dE/dq2*v4 = -0.05446
dE/dp1 = dE/dh1*h1*(1 - h1) = 0.01048
dE/dp2 = dE/dh2*h2*(1 - h2) = -0.01315
dE/da1 = dE/dp1*x1 = 0.00367
dE/da2 = dE/dp1*x2 = 0.00943
dE/da3 = dE/dp2*x1 = -0.00460
dE/da4 = dE/dp2*x2 = -0.01184
a1' = a1 - lr*dE/da1 = 0.21853
a3' = a3 - lr*dE/da3 = 0.63184
