# Logistic regression: one example, two features, cross-entropy.

x1 = 1.2
x2 = -0.7
t  = 1
w1 = 0.4
w2 = 0.3
b  = -0.1

z = w1*x1 + w2*x2 + b = 0.4*1.2 + 0.3*(-0.7) - 0.1 = 0.17
p = sigmoid(z) = 0.5424
L = -(t*ln(p) + (1 - t)*ln(1 - p)) = 0.6118

# The slope of the loss and that of the sigmoid cancel to p - t.
dL/dp  = -t/p + (1 - t)/(1 - p) = -1.8437
dp/dz  = p*(1 - p) = 0.2482
dL/dz  = p - t = -0.4576
dL/dw1 = dL/dz*x1 = -0.5491
dL/dw2 = dL/dz*x2 = 0.3203
dL/db  = dL/dz = -0.4576

w1' = w1 - 0.1*dL/dw1 = 0.4549
w2' = w2 - 0.1*dL/dw2 = 0.2680
b'  = b - 0.1*dL/db = -0.0542
