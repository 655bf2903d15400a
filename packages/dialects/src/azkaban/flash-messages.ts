import { setCookie } from './reply.js';
import type { Exchange } from './exchange.js';

/** Cookies that carry the outcome of a page action to the next page. */
const FLASH_COOKIES = {
  success: 'azkaban.success.message',
  warn: 'azkaban.warn.message',
  failure: 'azkaban.failure.message',
} as const;

export type FlashKind = keyof typeof FLASH_COOKIES;

export interface FlashMessage {
  readonly kind: FlashKind;
  readonly text: string;
}

/** Browsers drop cookies of more than about 4 kB. */
const MAX_LENGTH = 3500;

export function setFlash({ response }: Exchange, kind: FlashKind, text: string): void {
  setCookie(response, FLASH_COOKIES[kind], text.slice(0, MAX_LENGTH));
}

/** The messages the client brings; the answer empties all three cookies when there are any. */
export function takeFlash({ cookies, response }: Exchange): readonly FlashMessage[] {
  const kinds = Object.keys(FLASH_COOKIES) as FlashKind[];
  const messages = kinds
    .map((kind) => ({ kind, text: cookies.get(FLASH_COOKIES[kind]) ?? '' }))
    .filter(({ text }) => text !== '');
  if (messages.length > 0) for (const kind of kinds) setCookie(response, FLASH_COOKIES[kind], '');
  return messages;
}
