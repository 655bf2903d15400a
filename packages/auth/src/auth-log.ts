/** Where this package reports what somebody has to know but no caller can be told. */
export interface AuthLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
