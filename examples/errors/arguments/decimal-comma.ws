x = exp(0,5)
