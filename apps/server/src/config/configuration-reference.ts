import { SETTINGS, type Setting } from './keys.js';

/** The page docs/reference/configuration.md, from the table of settings. */
export function configurationReference(): string {
  return [HEAD, ...Object.values<Setting>(SETTINGS).map(section)].join('\n');
}

function section({ env, key, fallback, doc }: Setting): string {
  const facts = [
    `- Settings file: ${key === undefined ? 'not there' : `\`${key}\``}`,
    `- Default: ${fallback ? `\`${fallback}\`` : 'none'}`,
  ];
  return `## \`${env}\`\n\n${doc}\n\n${facts.join('\n')}\n`;
}

const HEAD = `# Configuration

<!-- Generated from apps/server/src/config/keys.ts by \`npm run docs\`; change the table there, not this page. -->

Lockstep needs no configuration. Every setting can be given as an environment variable, or in a settings file in Java properties
format, under the name given below or its environment name:

\`\`\`properties
lockstep.port=9090
LOCKSTEP_DATA_DIR=/var/lib/lockstep
\`\`\`

The file is the one \`LOCKSTEP_SETTINGS_FILE\` names, else \`lockstep.properties\` in the working folder, else the one in the data
folder. The environment wins over the file, the file over the default; an empty value counts as not set. Relative paths count from the
working folder. Where Azkaban has the setting, the file accepts Azkaban's name for it; other names of Azkaban are ignored, and the log
says which. A setting that does not exist or whose value makes no sense ends the start with a sentence that says so.

Durations: \`500ms\`, \`2s\`, \`10m\`, \`12h\`, \`30d\`; a bare number is milliseconds. Sizes: \`512KB\`, \`10MB\`, \`2GB\`.
`;
