x = 2
y = x^2 = 4
y = 3*x
