# The angle goes on in degrees.
a = 0.6
r = 2.5
s = r*asin(a) = 92.17
