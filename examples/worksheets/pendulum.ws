# No network at all: gravity from a pendulum, and how far the measurements let it be off.

L = 0.994    # length in metres
T = 2.00     # period in seconds
s = 0.002    # half-width of the length
r = 0.01     # half-width of the period

g = 4*π^2*L/T^2 = 9.810

# How g answers to each measurement.
dg/dL = 4*π^2/T^2 = 9.870
dg/dT = -2*g/T = -9.810

# The doubt of the result, and its share that comes from the clock.
q = sqrt((dg/dL*s)^2 + (dg/dT*r)^2) = 0.100
k = abs(dg/dT)*r/q = 0.980
