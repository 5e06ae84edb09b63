x  = -1
lo = 2
hi = 1
y  = 2*ln(x) = ?
r  = sqrt(x + 1)
s  = r^2 = 0
ds/dx = ?
c  = 3*clamp(x, lo, hi) = ?
z  = y + 1 = ?
