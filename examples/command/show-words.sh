for word in "$@"; do echo "word: $word"; done
echo "colour: $COLOUR"
