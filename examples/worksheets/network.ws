# The example network, worked right: 2 inputs, 2 hidden units, 2 outputs, all sigmoid.
# Every number follows at full precision from the givens.

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

# Backward: the output layer.
dE/do1  = -(t1 - o1) = 0.741365070
dE/do2  = -(t2 - o2) = -0.217071535
do1/dy1 = o1*(1 - o1) = 0.186815602
do2/dy2 = o2*(1 - o2) = 0.175510053
dE/dy1  = dE/do1*do1/dy1 = 0.138498562
dE/dy2  = dE/do2*do2/dy2 = -0.038098237
dy1/dw5 = h1 = 0.593269992
dE/dw5  = dE/dy1*dy1/dw5 = 0.082167041
dE/dw6  = dE/dy1*h2 = 0.082667628
dE/dw7  = dE/dy2*h1 = -0.022602540
dE/dw8  = dE/dy2*h2 = -0.022740242

# Backward: the hidden layer. Each hidden unit is used twice, so two paths add up.
dE/dh1  = dE/dy1*w5 + dE/dy2*w7 = 0.036350306
dE/dh2  = dE/dy1*w6 + dE/dy2*w8 = 0.041370323
dh1/dz1 = h1*(1 - h1) = 0.241300709
dh2/dz2 = h2*(1 - h2) = 0.240613417
dE/dz1  = dE/dh1*dh1/dz1 = 0.008771355
dE/dz2  = dE/dh2*dh2/dz2 = 0.009954255
dE/dw1  = dE/dz1*x1 = 0.000438568
dE/dw2  = dE/dz1*x2 = 0.000877135
dE/dw3  = dE/dz2*x1 = 0.000497713
dE/dw4  = dE/dz2*x2 = 0.000995425
dE/db1  = dE/dz1 + dE/dz2 = 0.018725609
dE/db2  = dE/dy1 + dE/dy2 = 0.100400325

# One step, learning rate 0.5: all gradients at the weights from before it.
w1' = w1 - 0.5*dE/dw1 = 0.149780716
w2' = w2 - 0.5*dE/dw2 = 0.199561432
w3' = w3 - 0.5*dE/dw3 = 0.249751144
w4' = w4 - 0.5*dE/dw4 = 0.299502287
w5' = w5 - 0.5*dE/dw5 = 0.358916480
w6' = w6 - 0.5*dE/dw6 = 0.408666186
w7' = w7 - 0.5*dE/dw7 = 0.511301270
w8' = w8 - 0.5*dE/dw8 = 0.561370121
