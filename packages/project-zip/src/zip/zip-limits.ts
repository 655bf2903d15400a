/** What an archive may cost. The defaults let any sensible project pass and stop archives made to fill a disk. */
export interface ZipLimits {
  /** Files and folders listed in the archive. */
  readonly maxEntries: number;
  /** Bytes of all files once unpacked. */
  readonly maxTotalBytes: number;
  /** Unpacked bytes per byte of the archive; looked at only above `ratioFreeBytes`. Real projects stay below 20. */
  readonly maxRatio: number;
  /** Unpacked size up to which any ratio is fine: a small file of zeros is no bomb. */
  readonly ratioFreeBytes: number;
}

const MEBIBYTE = 1024 * 1024;

export const DEFAULT_ZIP_LIMITS: ZipLimits = {
  maxEntries: 50_000,
  maxTotalBytes: 4096 * MEBIBYTE,
  maxRatio: 200,
  ratioFreeBytes: 64 * MEBIBYTE,
};
