# The numbers put in are faithful to a formula that is wrong.
x = 3
w = 0.41
E = (w*x - 1)^2 = 0.0529
dE/dw = (w*x - 1)*x = (0.41*3 - 1)*3 = 0.69
w' = w - 0.1*dE/dw = 0.341
