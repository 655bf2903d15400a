import type { ZipProblem } from '@lockstep/project-zip';
import type { Colors } from './terminal.js';

/** `file:line: error: message`, as compilers write it and editors understand it, with the hint below. */
export function problemLines(problems: readonly ZipProblem[], colors: Colors): readonly string[] {
  return problems.flatMap(({ severity, message, hint, file, line }) => {
    const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `;
    const word = severity === 'error' ? colors.red('error') : colors.yellow('warning');
    const shown = `${place}${word}: ${message.replaceAll('<br>', ' ')}`;
    return hint === undefined ? [shown] : [shown, `    ${hint}`];
  });
}
