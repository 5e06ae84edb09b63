h1 = 1
y = 2*hh1
