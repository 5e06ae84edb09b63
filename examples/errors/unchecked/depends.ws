w ~ 0.3
y = v + w
v = ?
z = 2*y = 1.2
