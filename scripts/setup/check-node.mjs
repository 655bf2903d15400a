import { readFileSync } from 'node:fs';

/** Ends the process with a sentence when this Node is older than `engines.node` of package.json asks for. */
export function checkNode(root) {
  const wanted = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).engines.node.replace('>=', '');
  if (isAtLeast(process.versions.node, wanted)) return;
  console.error(
    `Lockstep needs Node.js ${wanted} or newer; this is ${process.versions.node} (${process.execPath}). ` +
      'Install a newer one from https://nodejs.org and start again.',
  );
  process.exit(1);
}

function isAtLeast(version, wanted) {
  const have = version.split('.').map(Number);
  for (const [position, need] of wanted.split('.').map(Number).entries()) {
    if (have[position] !== need) return (have[position] ?? 0) > need;
  }
  return true;
}
