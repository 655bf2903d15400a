while [ $# -gt 0 ]; do
  if [ "$1" = --region ]; then echo "sh was told: $2"; fi
  shift 2
done
