# The example network at the figures of the original post: its total error after one step, and
# after ten thousand.

# Givens.
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
b1 = 0.35
b2 = 0.60

# Forward.
z1  = w1*x1 + w2*x2 + b1 = 0.3775
z2  = w3*x1 + w4*x2 + b1 = 0.3925
h1  = sigmoid(z1) = 0.593269992
h2  = sigmoid(z2) = 0.596884378
y1  = w5*h1 + w6*h2 + b2 = 1.105905967
y2  = w7*h1 + w8*h2 + b2 = 1.224921404
o1  = sigmoid(y1) = 0.751365070
o2  = sigmoid(y2) = 0.772928465
E1  = 1/2*(t1 - o1)^2 = 0.274811083
E2  = 1/2*(t2 - o2)^2 = 0.023560026
E   = E1 + E2 = 0.298371109

# One step, learning rate 0.5.
w1' = w1 - 0.5*dE/dw1
w2' = w2 - 0.5*dE/dw2
w3' = w3 - 0.5*dE/dw3
w4' = w4 - 0.5*dE/dw4
w5' = w5 - 0.5*dE/dw5
w6' = w6 - 0.5*dE/dw6
w7' = w7 - 0.5*dE/dw7
w8' = w8 - 0.5*dE/dw8

# Forward again with the new weights; the biases stay.
h1' = sigmoid(w1'*x1 + w2'*x2 + b1)
h2' = sigmoid(w3'*x1 + w4'*x2 + b1)
o1' = sigmoid(w5'*h1' + w6'*h2' + b2)
o2' = sigmoid(w7'*h1' + w8'*h2' + b2)
E'  = 1/2*(t1 - o1')^2 + 1/2*(t2 - o2')^2 = 0.291027924

# After 10,000 steps: no formula on this sheet gives it.
E_10000 ~ 0.0000351085
