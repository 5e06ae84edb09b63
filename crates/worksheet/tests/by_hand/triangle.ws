# a triangle from two sides and the angle between
a = 7.4
b = 5.9
Gdeg = 62
G = Gdeg*pi/180 = 1.0821
c = sqrt(a^2 + b^2 - 2*a*b*cos(G)) = 6.970
s = (a + b + c)/2 = (7.4 + 5.9 + 6.970)/2 = 10.135
Area = sqrt(s*(s - a)*(s - b)*(s - c)) = 19.28
Ar2 = 1/2*a*b*sin(G) = 19.275
r_in = Ar2/s = 1.902
R_out = a*b*c/(4*Ar2) = 3.947
al = asin(a*sin(G)/c) = 1.2151
be = pi - G - al = 0.8444
al_deg = al*180/pi = 69.62
h_a = 2*Ar2/a = 5.209
dAr2/dG = 1/2*a*b*cos(G) = 10.25
dc/dG = a*b*sin(G)/c = 5.53
