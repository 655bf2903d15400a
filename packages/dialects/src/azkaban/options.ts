import type { Clock } from '@lockstep/domain';
import type { Services } from '@lockstep/services';
import type { Log } from '../kit/log.js';

const MEBIBYTE = 1024 * 1024;

export interface AzkabanOptions {
  /** Marks the session cookie `Secure`. Default false: Azkaban's cookie carries no attribute but its path. */
  readonly sessionCookieSecure?: boolean;
  /** Answers failed uploads with status 200, as releases before mid-2019 did. Default false. */
  readonly alwaysUpload200?: boolean;
  /** IANA name of the zone of formatted times. */
  readonly timezone: string;
  /** Where `/` leads. Default `/index`. */
  readonly defaultServletPath?: string;
  /** Shown in the header of pages. Default: empty, empty, `#FF0000`. */
  readonly name?: string;
  readonly label?: string;
  readonly color?: string;
  /** Largest form body, and largest sum of text parts of an upload. Default 10 MiB. */
  readonly maxFormBytes?: number;
  /** Largest project zip. Default: no limit. */
  readonly maxUploadBytes?: number;
  /** Where uploads are kept while they are read; must exist. */
  readonly tempDir: string;
  readonly version: string;
  readonly installationPath: string;
  /** Active executors for `/status`. */
  readonly executors: () => Promise<readonly ExecutorStatus[]>;
  readonly isDatabaseUp: () => Promise<boolean>;
  readonly log: Log;
}

export interface ExecutorStatus {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly isActive: boolean;
}

export interface AzkabanDialectDependencies {
  readonly services: Services;
  readonly clock: Clock;
  readonly options: AzkabanOptions;
}

/** `AzkabanOptions` with every default filled in. */
export type CompleteAzkabanOptions = Required<Omit<AzkabanOptions, 'maxUploadBytes'>> &
  Pick<AzkabanOptions, 'maxUploadBytes'>;

const DEFAULTS = {
  sessionCookieSecure: false,
  alwaysUpload200: false,
  defaultServletPath: '/index',
  name: '',
  label: '',
  color: '#FF0000',
  maxFormBytes: 10 * MEBIBYTE,
} as const;

export function completeOptions(options: AzkabanOptions): CompleteAzkabanOptions {
  return { ...DEFAULTS, ...options };
}
