y = 2*tanh
