import type { Command } from 'commander';
import { flow2JsonSchema } from '@lockstep/project-zip';
import type { CommandContext } from '../context.js';

/** `lockstep schema flow`: what an editor needs to complete and check project files. */
export function addSchemaCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('schema')
    .description('JSON Schemas of project files, for editors')
    .command('flow')
    .description('print the schema of Flow 2.0 files; servers have it at /schemas/flow-2.0.json')
    .action(() => terminal.print(JSON.stringify(flow2JsonSchema(), undefined, 2)));
}
