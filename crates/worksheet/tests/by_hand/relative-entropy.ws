# entropy and relative entropy in bits
p1 = 0.5
p2 = 0.3
p3 = 0.2
q1 = 0.25
q2 = 0.45
q3 = 0.3
t1 = p1*ln(p1)/ln(2) = -0.5000
t2 = p2*ln(p2)/ln(2) = -0.5211
t3 = p3*ln(p3)/ln(2) = -0.3219
H = -(t1 + t2 + t3) = 1.3430
perp = 2^H = 2.537
eff = H*ln(2)/ln(3) = 0.8473
u1 = p1*ln(q1)/ln(2) = -1.0000
u2 = p2*ln(q2)/ln(2) = -0.7816
u3 = p3*ln(q3)/ln(2) = -0.3474
CE = -(u1 + u2 + u3) = 2.1290
KL = CE - H = 0.7860
dKL/dq1 = -p1/(q1*ln(2)) = -2.8854
waste = 1000*KL = 786.0
