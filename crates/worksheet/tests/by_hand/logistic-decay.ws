# one step of logistic regression with weight decay
x1 = 1.2
x2 = -0.7
y = 1
w1 = 0.4
w2 = -0.25
b = 0.1
lam = 0.05
lr = 0.5
z = w1*x1 + w2*x2 + b = 0.4*1.2 + (-0.25)*(-0.7) + 0.1 = 0.755
p = sigmoid(z) = 0.6803
L = -y*ln(p) - (1 - y)*ln(1 - p) + lam*(w1^2 + w2^2) = 0.3963
dL/dz = p - y = 0.6803 - 1 = -0.3197
dL/dw1 = (p - y)*x1 + lam*w1 = -0.3197*1.2 + 0.05*0.4 = -0.3636
dL/dw2 = (p - y)*x2 + lam*w2 = -0.3197*(-0.7) + 0.05*(-0.25) = 0.2113
dL/db = p - y = -0.3197
w1' = w1 - lr*dL/dw1 = 0.4 - 0.5*(-0.3636) = 0.5818
w2' = w2 - lr*dL/dw2 = -0.1444
b' = b - lr*dL/db = 0.2599
z' = w1'*x1 + w2'*x2 + b' = 1.0591
p' = sigmoid(z') = 0.7425
