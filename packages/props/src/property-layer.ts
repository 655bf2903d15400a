import type { Properties } from '@lockstep/domain';
import { emptyProperties } from './property-record.js';

/** Where a property comes from; `explainProperties` shows it next to the value. */
export type PropertyOrigin =
  /** Defaults of the installation, or of the plugin of one job type. */
  | { readonly kind: 'plugin-default'; readonly type?: string }
  /** A `.properties` file of the project; the path is the one inside the zip. */
  | { readonly kind: 'file'; readonly path: string }
  /** Set by the engine: `azkaban.flow.*`, or `azkaban.job.*` and what goes with it. */
  | { readonly kind: 'injected'; readonly scope?: 'flow' | 'job' }
  /** The `config` at the root of a Flow 2.0 file. */
  | { readonly kind: 'flow-config'; readonly flow: string }
  /** A parameter of the submission for the whole flow. */
  | { readonly kind: 'flow-parameter' }
  /** Written by a predecessor to its output file; `job` is a nested id. */
  | { readonly kind: 'output'; readonly job: string }
  /** The `.job` file or the `config` of the node with this nested id: the job itself, or a flow that encloses it. */
  | { readonly kind: 'job'; readonly nestedId: string; readonly source?: string }
  /** Replaced in the UI for this version of the project. */
  | { readonly kind: 'job-override'; readonly nestedId: string }
  /** A property of the submission for the node with this nested id. */
  | { readonly kind: 'runtime'; readonly nestedId: string };

/** One layer of what a job sees. */
export interface PropertyLayer {
  readonly origin: PropertyOrigin;
  readonly properties: Properties;
}

/** The values of all layers as written, lowest layer first: a higher layer hides the same key of the lower ones. */
export function flattenLayers(layers: readonly PropertyLayer[]): Record<string, string> {
  const flat = emptyProperties();
  for (const { properties } of layers) {
    // A null that slipped in from YAML or JSON counts as empty text.
    for (const key of Object.keys(properties)) flat[key] = properties[key] ?? '';
  }
  return flat;
}

/** The origin in words, for people: `file "conf/a.properties"`. */
export function describeOrigin(origin: PropertyOrigin): string {
  switch (origin.kind) {
    case 'plugin-default':
      return origin.type === undefined ? 'defaults of the installation' : `defaults of job type "${origin.type}"`;
    case 'file':
      return `file "${origin.path}"`;
    case 'injected':
      return 'set by the engine';
    case 'flow-config':
      return `config of flow "${origin.flow}"`;
    case 'flow-parameter':
      return 'flow parameter';
    case 'output':
      return `output of job "${origin.job}"`;
    case 'job':
      return origin.source ? `job "${origin.nestedId}" in "${origin.source}"` : `job "${origin.nestedId}"`;
    case 'job-override':
      return `override of job "${origin.nestedId}"`;
    case 'runtime':
      return `runtime property for "${origin.nestedId}"`;
  }
}
