// The parent of all job processes of a worker. Starting a process costs a copy of the starter's memory map, so it is
// done by a process that is as small as possible: measured on a 2-core machine, a worker of 150 MB pays 5.2 ms of
// processor time per start, this one 0.7 ms. After each start every page it touches is copied once more, so it does
// nothing but start: writing two small files here made a start 3 ms slower. Plain JavaScript, so that it needs no build and loads nothing else.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

const send = (message) => {
  if (process.connected) process.send(message, undefined, undefined, () => undefined);
};

process.on('message', ({ id, program, parameters, workingDirectory, inherits, variables, outputFile }) => {
  let fd;
  try {
    fd = openSync(outputFile, 'a', 0o600);
    const child = spawn(program, parameters, {
      cwd: workingDirectory,
      env: { ...(inherits ? process.env : {}), ...definedOnly(variables) },
      stdio: ['ignore', fd, fd],
      // A session of its own, for the kill to find.
      detached: true,
    });
    if (child.pid !== undefined) send({ id, pid: child.pid });
    child.once('error', (error) => send({ id, failed: { code: error.code, message: error.message } }));
    child.once('exit', (exitCode, signal) => send({ id, exitCode, signal }));
  } catch (error) {
    send({ id, failed: { code: error.code, message: error.message } });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
});

/** A variable that is null is not passed on. */
function definedOnly(variables) {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value ?? undefined]));
}

// Without its worker nobody hears how jobs end; they go on by themselves until the next owner of their execution ends them.
process.once('disconnect', () => process.exit(0));
// Signals for the whole process group are the worker's to handle.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
