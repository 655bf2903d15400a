export { parseProperties } from './parse-properties.js';
export { serializeProperties } from './serialize-properties.js';
export { PropertyError } from './property-error.js';
export { emptyProperties, mergeProperties, propertyOf } from './property-record.js';
export {
  readBoolean,
  readDouble,
  readDuration,
  readInteger,
  readList,
  readLong,
  readMemorySize,
} from './read-property.js';
export { describeOrigin } from './property-layer.js';
export type { PropertyLayer, PropertyOrigin } from './property-layer.js';
export { resolveProperties } from './resolve-properties.js';
export type { PropertyProblem, ResolvedProperties, ResolveOptions } from './resolve-properties.js';
export { explainProperties } from './explain-properties.js';
export type { ExplainedProperty } from './explain-properties.js';
export { splitCommand } from './split-command.js';
export { MASKED, isSecretKey, maskSecrets } from './secrets.js';
export { explainJob, outputsToCome } from './job/explain-job.js';
export type { ExplainJobRequest, ExplainedJobProperty } from './job/explain-job.js';
export { injectedFlowProperties, injectedJobProperties } from './job/injected-properties.js';
export { jobLayers } from './job/job-layers.js';
export { maskExplained } from './job/mask-explained.js';
