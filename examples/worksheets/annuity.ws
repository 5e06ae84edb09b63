# A loan: the monthly rate, the discount of all payments, the payment, and what a rise costs.

P = 20000
n = 60
y = 0.06     # nominal yearly rate

i = y/12 = 0.005
d = (1 - (1 + i)^(-n))/i = 51.7256
A = P/d = 386.66
S = n*A - P = 3199.36

# By how much the payment grows with the yearly rate: by way of the discount.
dA/dd = -P/d^2 = -7.4751
dA/dy = ?
