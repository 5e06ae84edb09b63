# a stone is thrown at 22 m/s, 38 degrees
v0 = 22
deg = 38
g = 9.81
theta = deg*pi/180 = 0.6632
vx = v0*cos(theta) = 21.01
vy = v0*sin(theta) = 6.52
speed = sqrt(vx^2 + vy^2) = 22.00
t_up = vy/g = 6.52/9.81 = 0.665
t_all = 2*t_up = 1.330
H = vy^2/(2*g) = 4.33
R = vx*t_all = 27.94
y_half = vy*0.5 - 1/2*g*0.5^2 = 2.034
dH/dvy = vy/g = 0.665
dR/dvy = 2*vx/g = 4.28
