x = 0.5
w = 0.3
z = w*x + 0.4
h = sigmoid(z) = 0.6941
