x = 2
n = 3
a = powi(x, 2.5) = 5.6569
b = powi(x, n) = 8
c = polygamma(0.5, x) = 0.5
d = clamp(x, 3, 1) = 1
