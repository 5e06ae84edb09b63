# A worksheet: one statement a line. Check it with `wengert check THIS_FILE`.

# Givens: a name and a bare number. They are exact.
x1 = 0.05
x2 = 0.10
w1 = 0.15
w2 = 0.20
b1 = 0.30
t1 = 0.01

# A formula, the numbers put in, the result: every link is judged.
z1 = w1*x1 + w2*x2 + b1 = 0.15*0.05 + 0.20*0.10 + 0.30 = 0.3275
h1 = sigmoid(z1) = 0.5812
E  = 1/2*(t1 - h1)^2 = 0.1631

# A derivative: judged by the tape, whatever formula is written.
dE/dh1  = -(t1 - h1) = 0.5712
dh1/dz1 = h1*(1 - h1) = 0.2434
dE/dw1  = dE/dh1*dh1/dz1*x1 = ?

# An updated quantity has a prime. Ask with `?`.
w1' = w1 - 0.5*dE/dw1 = ?
