# With one digit there is little to go by.
w1 = 0.11
w2 = 0.92
w3 = 0.23
w4 = 0.84
w5 = 0.35
w6 = 0.76
w7 = 0.47
w8 = 0.68
w9 = 0.59
w10 = 0.51
w11 = 0.62
w12 = 0.73
y = w1*w2 + w3*w4 + w5*w6 + w7*w8 + w9*w10 + w11*w12 = 1.8
