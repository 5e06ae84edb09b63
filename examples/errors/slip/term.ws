# The bias is left out.
w1 = 0.15
w2 = 0.20
x1 = 0.05
x2 = 0.10
b = 0.30
z = w1*x1 + w2*x2 + b = 0.0275
h = sigmoid(z) = 0.5069
