# Two layers of tanh and softmax, one example, cross-entropy. The target is class 1.

x1 = 0.5
x2 = -1.0
u1 = 0.3
u2 = -0.2
u3 = 0.6
u4 = 0.1
c1 = 0.05
c2 = -0.05
v1 = 0.7
v2 = -0.4
v3 = -0.3
v4 = 0.9

# Hidden layer.
a1 = u1*x1 + u2*x2 + c1 = 0.4000
a2 = u3*x1 + u4*x2 + c2 = 0.1500
h1 = tanh(a1) = 0.379949
h2 = tanh(a2) = 0.148885

# Output layer: logits, their normaliser, the probabilities, the loss.
s1 = v1*h1 + v2*h2 = 0.206410
s2 = v3*h1 + v4*h2 = 0.020012
N  = ln(exp(s1) + exp(s2)) = 0.810695
p1 = exp(s1 - N) = 0.546465
p2 = exp(s2 - N) = 0.453535
L  = N - s1 = 0.604285

# Backward: softmax and cross-entropy together leave p - t.
dL/ds1 = p1 - 1 = -0.453535
dL/ds2 = p2 = 0.453535
dL/dv1 = dL/ds1*h1 = -0.172320
dL/dv4 = dL/ds2*h2 = 0.067525
dL/dh1 = dL/ds1*v1 + dL/ds2*v3 = -0.453535
dL/dh2 = dL/ds1*v2 + dL/ds2*v4 = 0.589595
dh1/da1 = 1 - h1^2 = 0.855639
dh2/da2 = 1 - h2^2 = 0.977833
dL/du1 = dL/dh1*dh1/da1*x1 = -0.194031
dL/du4 = dL/dh2*dh2/da2*x2 = -0.576526
dL/dc1 = dL/dh1*dh1/da1 = -0.388062
