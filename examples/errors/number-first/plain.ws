h = 0.5969
z = 0.3
h = sigmoid(z)
