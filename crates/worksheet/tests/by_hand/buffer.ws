# acetic acid and its buffer
Ka = 1.8e-5
c = 0.10
HA = 0.08
A = 0.12
x = 0.01
pKa = -log10(Ka) = 4.745
h = (-Ka + sqrt(Ka^2 + 4*Ka*c))/2 = 1.333*10^-3
pH = -log10(h) = 2.875
alpha = h/c = 0.01333
oh = 1e-14/h = 7.504*10^-12
pOH = -log10(oh) = 11.125
approx = sqrt(Ka*c) = 1.342*10^-3
off = 100*(approx - h)/h = 0.67
pHb = pKa + log10(A/HA) = 4.745 + 0.1761 = 4.921
dpHb/dA = 1/(A*ln(10)) = 3.619
pHc = pKa + log10((A - x)/(HA + x)) = 4.832
shift = pHc - pHb = -0.089
