x = 2
y = x * 'a = 3
