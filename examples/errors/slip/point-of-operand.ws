# Five percent, put in as 5.
P = 2500
r = 0.05
t = 2
A = P*(1 + r)^t = 90000.00
