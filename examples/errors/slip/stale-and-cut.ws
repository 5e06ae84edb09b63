x = 0.5
b = 0.30
z = 0.4*x + b
h = sigmoid(z) = 0.6341
k = z^3 = 0.1663
