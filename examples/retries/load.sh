mark="$1/lockstep-example-retries"
if [ -e "$mark" ]; then
  rm "$mark"
  echo "loaded"
else
  touch "$mark"
  echo "the warehouse does not answer"
  exit 1
fi
