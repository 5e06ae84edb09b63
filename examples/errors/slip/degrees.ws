# The calculator takes radians, and is given 38 degrees.
v0 = 22
deg = 38
theta = deg*pi/180 = 0.6632
vx = v0*cos(theta) = 21.01
