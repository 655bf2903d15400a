shift 2
echo "copies with: $*"
