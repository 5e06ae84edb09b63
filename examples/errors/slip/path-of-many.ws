a = 0.412
b = 0.733
s = a + b
p = a*b
y = s^2 + p^2
dy/da = ?
dy/db = 2*s + 2*p*a = 2.2900
