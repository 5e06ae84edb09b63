x = exp(1, 2, 3)
