/** A PostgreSQL server that lives in Lockstep's data folder. */
export interface EmbeddedPostgres {
  /** Of the database to use, with the password in it: not for logs. Stays valid when the server is restarted. */
  readonly connectionString: string;
  /** 'owner' = `stop` ends the server; 'guest' = somebody else does. */
  readonly role: 'owner' | 'guest';
  readonly port: number;
  /** Owner: ends the server and waits until all its processes are gone. Guest: does nothing. May be called twice. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Created if missing. Everything the server keeps is below it, or linked from it. */
  readonly dataDir: string;
  /** Called with what happened, for the log: no secrets in it. */
  readonly log?: (message: string) => void;
  /** false only for throw-away databases of tests. Default true: what is committed survives a power failure. */
  readonly fsync?: boolean;
  /**
   * Started as root only: folders to keep what PostgreSQL's account cannot reach otherwise; the first usable one is taken.
   * Default: /var/lib/lockstep, /var/tmp/lockstep, and the folder for temporary files.
   */
  readonly fallbackDirs?: readonly string[];
}
