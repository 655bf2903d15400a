/** How a project is checked; everything has a default. */
export interface LoadOptions {
  readonly limits?: Partial<LoadLimits>;
  /** The project is on the memory white list: `Xms` and `Xmx` are not checked. */
  readonly memoryCheckExempt?: boolean;
  /** Also refuse what Azkaban lets pass in silence: a cycle of jobs no flow contains, a repeated key in a flow file. */
  readonly strict?: boolean;
  /** When given, a job of any other type is worth a warning; never an error, since types may be installed later. */
  readonly knownJobTypes?: ReadonlySet<string>;
  /** Whether the text is a Quartz cron expression. The default only counts the fields. */
  readonly isQuartzCron?: (text: string) => boolean;
}

export interface LoadLimits {
  /** `job.max.Xms` of Azkaban: a memory size such as `512m`, shown in the message as written. */
  readonly maxXms: string;
  /** `job.max.Xmx`. */
  readonly maxXmx: string;
  /** `max.flow.file.size.mb`: largest `.flow` and `.project` file. */
  readonly maxFlowFileMb: number;
  /** Largest `.job` and `.properties` file; Azkaban has no limit. */
  readonly maxPropertyFileBytes: number;
  /** `jobcallback.max_count`: callbacks per event of a job. */
  readonly maxCallbacks: number;
  readonly maxCallbackBodyLength: number;
  /** Characters of a flow id. */
  readonly maxFlowIdLength: number;
  /** Characters of a job's nested id, `outer:inner:job`. */
  readonly maxNestedIdLength: number;
  /** Nodes of all flows together, and of one flow once all its embedded flows are expanded. */
  readonly maxNodes: number;
  /** Values of one YAML file once its aliases are expanded. */
  readonly maxYamlValues: number;
  /** Maps and lists inside each other in one YAML file. */
  readonly maxYamlDepth: number;
}

const DEFAULT_LOAD_LIMITS: LoadLimits = {
  maxXms: '1G',
  maxXmx: '2G',
  maxFlowFileMb: 10,
  maxPropertyFileBytes: 10 * 1024 * 1024,
  maxCallbacks: 3,
  maxCallbackBodyLength: 4096,
  maxFlowIdLength: 128,
  maxNestedIdLength: 512,
  maxNodes: 1_000_000,
  maxYamlValues: 500_000,
  maxYamlDepth: 100,
};

/** The options with all defaults filled in, as the loaders pass them on. */
export interface LoadSettings {
  readonly limits: LoadLimits;
  readonly memoryCheckExempt: boolean;
  readonly strict: boolean;
  readonly knownJobTypes: ReadonlySet<string> | undefined;
  readonly isQuartzCron: (text: string) => boolean;
}

export function completeLoadOptions(options: LoadOptions): LoadSettings {
  return {
    limits: { ...DEFAULT_LOAD_LIMITS, ...options.limits },
    memoryCheckExempt: options.memoryCheckExempt ?? false,
    strict: options.strict ?? false,
    knownJobTypes: options.knownJobTypes,
    isQuartzCron: options.isQuartzCron ?? hasSixFieldsOrMore,
  };
}

/** Quartz wants six fields, may have a year as the seventh, and ignores what follows. */
function hasSixFieldsOrMore(text: string): boolean {
  return text.trim().split(/\s+/).length >= 6;
}
