# The example network at the bias of the first patient, worked right to the end: the sheet that
# `wengert explain` is shown on.
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
b1 = 0.30
b2 = 0.60

# Forward.
z1  = w1*x1 + w2*x2 + b1 = 0.3275
z2  = w3*x1 + w4*x2 + b1 = 0.3425
h1  = sigmoid(z1) = 0.581150964
h2  = sigmoid(z2) = 0.584797675
y1  = w5*h1 + w6*h2 + b2 = 1.095619339
y2  = w7*h1 + w8*h2 + b2 = 1.212214203
o1  = sigmoid(y1) = 0.749438402
o2  = sigmoid(y2) = 0.770690492
E1  = 1/2*(t1 - o1)^2 = 0.273384575
E2  = 1/2*(t2 - o2)^2 = 0.024048330
E   = E1 + E2 = 0.297432905

# Backward: the output layer.
dE/do1  = -(t1 - o1) = 0.739438402
dE/do2  = -(t2 - o2) = -0.219309508
do1/dy1 = o1*(1 - o1) = 0.187780484
do2/dy2 = o2*(1 - o2) = 0.176726657
dE/dy1  = dE/do1*do1/dy1 = 0.138852101
dE/dy2  = dE/do2*do2/dy2 = -0.038757836
dy1/dw5 = h1 = 0.581150964
dE/dw5  = dE/dy1*dy1/dw5 = 0.080694032
dE/dw6  = dE/dy1*h2 = 0.081200386
dE/dw7  = dE/dy2*h1 = -0.022524154
dE/dw8  = dE/dy2*h2 = -0.022665493

# Backward: the hidden layer. Each hidden unit is used twice, so two paths add up.
dE/dh1  = dE/dy1*w5 + dE/dy2*w7 = 0.036161922
dE/dh2  = dE/dy1*w6 + dE/dy2*w8 = 0.041166635
dh1/dz1 = h1*(1 - h1) = 0.243414521
dh2/dz2 = h2*(1 - h2) = 0.242809354
dE/dz1  = dE/dh1*dh1/dz1 = 0.008802337
dE/dz2  = dE/dh2*dh2/dz2 = 0.009995644
dE/dw1  = dE/dz1*x1 = 0.000440117
dE/dw2  = dE/dz1*x2 = 0.000880234
dE/dw3  = dE/dz2*x1 = 0.000499782
dE/dw4  = dE/dz2*x2 = 0.000999564
dE/db1  = dE/dz1 + dE/dz2 = 0.018797981
dE/db2  = dE/dy1 + dE/dy2 = 0.100094264

# One step, learning rate 0.5: all gradients at the weights from before it.
w1' = w1 - 0.5*dE/dw1 = 0.149779942
w2' = w2 - 0.5*dE/dw2 = 0.199559883
w3' = w3 - 0.5*dE/dw3 = 0.249750109
w4' = w4 - 0.5*dE/dw4 = 0.299500218
w5' = w5 - 0.5*dE/dw5 = 0.359652984
w6' = w6 - 0.5*dE/dw6 = 0.409399807
w7' = w7 - 0.5*dE/dw7 = 0.511262077
w8' = w8 - 0.5*dE/dw8 = 0.561332746
