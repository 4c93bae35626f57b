print("not compiled")
