y = 2*alpha
