# What the page `backprop.md` leaves to its pictures, read before it:
# wengert check backprop.md --given @backprop-given.ws

x1 = 0.05
x2 = 0.10
t1 = 0.01
t2 = 0.99
w1 = 0.15
w2 = 0.20
w3 = 0.25
w4 = 0.30
w5 = 0.40
w6 = 0.45
w7 = 0.50
w8 = 0.55
b1 = 0.30
b2 = 0.60

z1 = w1*x1 + w2*x2 + b1
z2 = w3*x1 + w4*x2 + b1
h1 = sigmoid(z1)
h2 = sigmoid(z2)
y1 = w5*h1 + w6*h2 + b2
y2 = w7*h1 + w8*h2 + b2
o1 = sigmoid(y1)
o2 = sigmoid(y2)
E_y1 = 1/2*(t1 - o1)^2
E_y2 = 1/2*(t2 - o2)^2
E_total = E_y1 + E_y2 = ?

w5' = w5 - 0.5*dE_total/dw5
w6' = w6 - 0.5*dE_total/dw6
w7' = w7 - 0.5*dE_total/dw7 = ?
w8' = w8 - 0.5*dE_total/dw8 = ?
w1' = w1 - 0.5*dE_total/dw1 = ?
w2' = w2 - 0.5*dE_total/dw2 = ?
w3' = w3 - 0.5*dE_total/dw3 = ?
w4' = w4 - 0.5*dE_total/dw4 = ?

# One quantity, several spellings on the page:
# --alias "ŷ1=o1" --alias "ŷ2=o2" --alias "out_y2=o2" --alias "out_h1=h1" --alias "out_h2=h2"
# Derivatives under a wrong name:
# --alias "dŷ1/dh1=do1/dy1" --alias "dŷ1/dw5=dy1/dw5"
