# a call by Black and Scholes
S = 100
K = 105
r = 0.03
sig = 0.2
T = 0.5
m = ln(S/K) = -0.04879
drift = (r + sig^2/2)*T = (0.03 + 0.02)*0.5 = 0.0250
rt = sqrt(T) = 0.70711
sv = sig*rt = 0.14142
d1 = (m + drift)/sv = -0.2379
d2 = d1 - sv = -0.3793
N1 = 1/2*(1 + erf(d1/sqrt(2))) = 0.4060
N2 = 1/2*(1 + erf(d2/sqrt(2))) = 0.3522
D = exp(-r*T) = 0.98511
C = S*N1 - K*D*N2 = 100*0.4060 - 105*0.98511*0.3522 = 4.170
Put = C - S + K*D = 9.170
dN1/dd1 = exp(-d1^2/2)/sqrt(2*pi) = 0.3878
dPut/dC = 1
delta_put = N1 - 1 = -0.5940
shares = 250*N1 = 101.5
