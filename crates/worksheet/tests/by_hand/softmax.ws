# softmax and cross-entropy, the class is the first
u = 0.6
v1 = 1.5
v2 = -0.8
v3 = 0.4
c1 = 0.2
c2 = 0.1
c3 = -0.3
h = tanh(u) = 0.5370
z1 = v1*h + c1 = 1.0056
z2 = v2*h + c2 = -0.3296
z3 = v3*h + c3 = -0.0852
S = exp(z1) + exp(z2) + exp(z3) = 4.3710
p1 = exp(z1)/S = 0.6254
p2 = exp(z2)/S = 0.1645
p3 = exp(z3)/S = 0.2101
L = -ln(p1) = 0.2039
dL/dz1 = p1 - 1 = -0.3746
dL/dz2 = p2 = 0.1645
dL/dz3 = p3 = 0.2101
dL/dv1 = dL/dz1*h = -0.2012
dL/dv2 = dL/dz2*h = 0.0884
dL/dv3 = dL/dz3*h = 0.1128
dL/dh = v1*dL/dz1 + v2*dL/dz2 = -0.6936
dh/du = 1 - h^2 = 0.7116
dL/du = dL/dh*dh/du = -0.4935
