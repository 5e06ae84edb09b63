E = 1
y = 2*dE/dw
