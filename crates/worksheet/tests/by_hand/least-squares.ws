# a line through four points
x1 = 1
x2 = 2
x3 = 4
x4 = 5
y1 = 2.3
y2 = 3.1
y3 = 5.8
y4 = 6.4
sx = x1 + x2 + x3 + x4 = 12
sy = y1 + y2 + y3 + y4 = 17.6
sxx = x1^2 + x2^2 + x3^2 + x4^2 = 46
sxy = x1*y1 + x2*y2 + x3*y3 + x4*y4 = 67.3
m = (4*sxy - sx*sy)/(4*sxx - sx^2) = (4*67.3 - 12*17.6)/(4*46 - 144) = 1.4500
c = (sy - m*sx)/4 = 0.0500
r1 = y1 - (m*x1 + c) = 0.8000
r2 = y2 - (m*x2 + c) = 0.1500
r3 = y3 - (m*x3 + c) = -0.0500
r4 = y4 - (m*x4 + c) = -0.9000
SSE = r1^2 + r2^2 + r3^2 + r4^2 = 1.4725
s = sqrt(SSE/2) = 0.8581
se_m = s/sqrt(sxx - sx^2/4) = 0.2714
y_at6 = m*6 + c = 8.750
