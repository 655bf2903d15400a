/** The items of a comma list, without blanks around them and without empty ones. */
export function wordsOf(list: string | undefined): readonly string[] {
  const words = (list ?? '').split(',').map((word) => word.trim());
  return words.filter((word) => word !== '');
}
