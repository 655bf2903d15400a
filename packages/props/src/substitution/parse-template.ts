/** A piece of a value: plain text, `${name}`, or `${a.${b}}`, whose name is known only after its inner references. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly name: string }
  | { readonly kind: 'computed-reference'; readonly name: readonly TemplatePart[] };

/** Deeper nesting than this stays text; it keeps expansion off the limits of the call stack. */
const MAX_NESTING = 50;

/**
 * Cuts a value at its references. Names consist of letters, digits, `_` and `.`; anything else that looks like a
 * reference (`${a-b}`, `${a:b}`, `${}`, one without an end) stays text. One pass, whatever the input.
 */
export function parseTemplate(value: string): readonly TemplatePart[] {
  const root: TemplatePart[] = [];
  const open: TemplatePart[][] = [];
  // Text up to a `${`, a `}` or a character that no name contains, then that.
  const pieces = /([a-zA-Z_.0-9]*)(\$\{|\}|[^a-zA-Z_.0-9]|$)/y;
  while (pieces.lastIndex < value.length) {
    const [, nameText = '', stop = ''] = pieces.exec(value) ?? [];
    const current = open.at(-1) ?? root;
    if (nameText !== '') current.push({ kind: 'text', text: nameText });
    if (stop === '${' && open.length < MAX_NESTING) {
      open.push([]);
    } else if (stop === '}' && open.length > 0 && current.length > 0) {
      open.pop();
      (open.at(-1) ?? root).push(reference(current));
    } else {
      dissolve(open, root);
      if (stop !== '') root.push({ kind: 'text', text: stop });
    }
  }
  dissolve(open, root);
  return joinTexts(root);
}

function reference(name: readonly TemplatePart[]): TemplatePart {
  const only = name[0];
  if (name.length === 1 && only?.kind === 'text') return { kind: 'reference', name: only.text };
  return { kind: 'computed-reference', name };
}

/** What was taken for the beginning of references is text after all; the references inside stay references. */
function dissolve(open: TemplatePart[][], root: TemplatePart[]): void {
  for (const parts of open) {
    root.push({ kind: 'text', text: '${' });
    for (const part of parts) root.push(part);
  }
  open.length = 0;
}

function joinTexts(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  const joined: TemplatePart[] = [];
  let texts: string[] = [];
  for (const part of parts) {
    if (part.kind === 'text') {
      texts.push(part.text);
      continue;
    }
    if (texts.length > 0) joined.push({ kind: 'text', text: texts.join('') });
    texts = [];
    joined.push(part);
  }
  if (texts.length > 0) joined.push({ kind: 'text', text: texts.join('') });
  return joined;
}
