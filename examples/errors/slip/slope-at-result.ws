z = 0.3275
h = sigmoid(z) = 0.5812
dh/dz = h*(1 - h) = 0.2300
