// Adds to package-lock.json the optional packages of other platforms that npm has left out. npm leaves out what the
// registry it asks does not have, and then refuses its own lock (`npm ci`: "Missing: … from lock file"). Run after
// `npm install` when that happens; with a complete registry it changes nothing.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = Object.entries(lock.packages).flatMap(([path, entry]) => missingOf(path, entry));
for (const [path, entry] of added) lock.packages[path] = entry;
if (added.length > 0) {
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([one], [other]) => one.localeCompare(other, 'en')),
  );
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
}
console.log(`${added.length} optional packages added to package-lock.json`);

function missingOf(path, { optionalDependencies = {}, dev }) {
  return Object.entries(optionalDependencies)
    .filter(([name, version]) => /^\d+\.\d+\.\d+/.test(version) && !isLocked(path, name))
    .map(([name, version]) => {
      const { os, cpu, libc } = platformOf(name);
      // In the order npm writes it.
      return [`node_modules/${name}`, { version, cpu, ...(dev && { dev }), ...(libc && { libc }), optional: true, os }];
    });
}

/** Looks where Node would: in the folder of the package, then in each one above it. */
function isLocked(path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules') - 1))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in lock.packages) return true;
    if (folder === '') return false;
  }
}

/** `@scope/name-linux-arm64-musl`: such packages carry their platform in the name. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
  const cpu = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];
  const isAny = (known) => known.filter((word) => words.includes(word));
  const [foundOs, foundCpu] = [isAny(os), isAny(cpu)];
  if (foundOs.length !== 1 || foundCpu.length !== 1) throw new Error(`Which platform is ${name} for?`);
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined;
  return { os: foundOs, cpu: foundCpu, libc };
}
