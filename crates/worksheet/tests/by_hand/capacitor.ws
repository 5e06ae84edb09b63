# charging a capacitor
R = 4700
C = 2.2e-5
V = 9
t = 0.05
f = 5
tau = R*C = 0.1034
k = exp(-t/tau) = 0.6166
vc = V*(1 - k) = 9*(1 - 0.6166) = 3.451
i_mA = 1000*(V - vc)/R = 1.1806
q_uC = 1e6*C*vc = 75.9
E_mJ = 1000*1/2*C*vc^2 = 0.1310
dvc/dt = V/tau*k = 53.67
dvc/dR = -V*k*t/(R*tau) = -5.71*10^-4
t_half = tau*ln(2) = 0.0717
f_c = 1/(2*pi*tau) = 1.539
gain = 1/sqrt(1 + (2*pi*f*tau)^2) = 0.2942
gain_dB = 20*log10(gain) = -10.63
