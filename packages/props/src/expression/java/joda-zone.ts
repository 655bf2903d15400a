import { IANAZone } from 'luxon';
import { ExpressionError } from '../expression-error.js';
import { isJavaObject, type ExpressionValue, type JavaObject } from '../expression-value.js';

const CLASS_NAME = 'org.joda.time.DateTimeZone';

/** A Joda `DateTimeZone`. */
export function createZone(id: string): JavaObject {
  if (!IANAZone.isValidZone(id)) {
    throw new ExpressionError(`The time zone "${id}" is not known; use an id such as UTC or Europe/Berlin.`);
  }
  return {
    className: CLASS_NAME,
    text: () => id,
    methods: new Map([
      ['getID', () => id],
      ['toString', () => id],
    ]),
  };
}

/** The id of the zone an argument stands for; undefined when it is something else. */
export function zoneOf(value: ExpressionValue): string | undefined {
  return isJavaObject(value) && value.className === CLASS_NAME ? value.text() : undefined;
}
