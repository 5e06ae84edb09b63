# Michaelis-Menten, competitive inhibitor
Vmax = 12.5
Km = 0.38
S = 0.9
I = 1.4
Ki = 0.85
v = Vmax*S/(Km + S) = 12.5*0.9/1.28 = 8.789
sat = v/Vmax = 0.7031
dv/dS = Vmax*Km/(Km + S) = 3.711
v_more = v + dv/dS*0.05 = 8.975
dv/dKm = -Vmax*S/(Km + S)^2 = -6.866
Kapp = Km*(1 + I/Ki) = 0.38*(1 + 0.85/1.4) = 0.6107
vi = Vmax*S/(Kapp + S) = 7.447
inhib = 1 - vi/v = 0.1527
slope = Km/Vmax = 0.0304
icpt = 1/Vmax = 0.080
recip = slope/S + icpt = 0.1138
