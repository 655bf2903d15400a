import type { FlowDefinition, Properties } from '@lockstep/domain';
import { readList } from '@lockstep/props';

/** The mail lists of a flow: lower-cased, without repetitions, `notify.emails` added to both (Azkaban's addEmailPropsToFlow). */
export function flowEmails(
  properties: Properties,
): Pick<FlowDefinition, 'failureEmails' | 'successEmails' | 'overrideEmails'> {
  const list = (...keys: readonly string[]): readonly string[] => {
    const addresses = keys.flatMap((key) => readList(properties, key, []));
    return [...new Set(addresses.map((address) => address.toLowerCase()).filter((address) => address !== ''))];
  };
  return {
    failureEmails: list('failure.emails', 'notify.emails'),
    successEmails: list('success.emails', 'notify.emails'),
    overrideEmails: list('override.emails'),
  };
}
