import sys

options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
print("python was told:", options["--greeting"])
