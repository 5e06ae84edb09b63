# The calculator takes degrees, and is given radians.
v0 = 22
theta = 0.6632
vy = v0*sin(theta) = 0.2546
