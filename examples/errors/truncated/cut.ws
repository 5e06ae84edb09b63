z = 0.3775
h = sigmoid(z) = 0.5932
