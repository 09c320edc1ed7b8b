import type { Finding } from '../spec/finding.ts';
import { fieldOf } from '../spec/path.ts';
import { isMapping, placeAt, type Reading } from '../spec/reading.ts';
import { brokenOfDeployment } from './deployment-rules.ts';
import { brokenOfHappening } from './happening-rules.ts';
import { type Item, itemsAt, type Mapping, textOf, twice } from './items.ts';

/**
 * What is wrong between fields. A field that is wrong by itself, or in a part of it, takes no part, so that the rules speak
 * of a file that has other faults, too.
 */
export const brokenRules = (reading: Reading, findings: readonly Finding[]): readonly Finding[] => {
  const { metadata, spec } = mappingOf(reading.value);
  const home = textOf(mappingOf(metadata)['namespace']) ?? 'default';
  const itemsOf = (key: string): readonly Item[] => itemsAt(mappingOf(spec)[key], ['spec', key]);
  const [nodes, deployments] = [itemsOf('nodes'), itemsOf('deployments')];
  const namespaceOf = ({ namespace }: Mapping): string => textOf(namespace) ?? home;
  const keyOf = (value: Mapping): string | undefined => {
    const name = textOf(value['name']);
    return name && `${namespaceOf(value)}/${name}`;
  };
  const wrong = findings.map(({ field }) => field);
  // Where one of them is not understood, it may be the very one that a happening is about.
  const areUnderstood = (key: string): boolean => !wrong.some((field) => isWithin(field, `spec.${key}`));
  const known = {
    deployments: areUnderstood('deployments') ? deployments : undefined,
    nodes: areUnderstood('nodes') ? nodes : undefined,
    home,
  };
  const broken = [
    ...twice(nodes, ({ name }) => textOf(name), 'name', 'other nodes'),
    ...twice(deployments, keyOf, 'name', 'another Deployment'),
    ...twice(itemsOf('quotas'), namespaceOf, 'namespace', 'another quota'),
    ...deployments.flatMap(brokenOfDeployment),
    ...itemsOf('happenings').flatMap((item) => brokenOfHappening(item, known)),
  ];
  return broken
    .map(({ path, message }) => ({ offset: placeAt(reading, path).offset, field: fieldOf(path), message }))
    .filter(({ field }) => !wrong.some((each) => isWithin(each, field) || isWithin(field, each)));
};

const mappingOf = (value: unknown): Mapping => (isMapping(value) ? value : {});

const isWithin = (field: string, outer: string): boolean =>
  field === outer || field.startsWith(`${outer}.`) || field.startsWith(`${outer}[`);
