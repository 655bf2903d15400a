/** The nodes to ask for: each one, and the embedded flows around it. */
export function progressNames(nestedIds: readonly string[]): readonly string[] {
  return [...new Set(nestedIds.flatMap(selfAndEnclosing))];
}

/** Those that have finished, by themselves or with an embedded flow around them (skipped ones leave their jobs READY). */
export function finishedNodes(
  nestedIds: readonly string[],
  isFinished: (nestedId: string) => boolean,
): readonly string[] {
  return nestedIds.filter((nestedId) => selfAndEnclosing(nestedId).some(isFinished));
}

function selfAndEnclosing(nestedId: string): readonly string[] {
  const parts = nestedId.split(':');
  return parts.map((_, index) => parts.slice(0, index + 1).join(':'));
}
